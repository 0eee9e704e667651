//! The server's own paths.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::door::Line;
use super::reply::{Answer, Shared, cut};
use crate::simulators::fiscal::clock::moment;
use crate::simulators::fiscal::faults::FaultKind;
use crate::simulators::fiscal::machine::{DEVICE, Denied};
use crate::simulators::fiscal::server::Server;
use crate::simulators::fiscal::task;

/// Which register is meant; there is one.
#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(rename = "deviceID")]
    device: Option<String>,
}

impl Which {
    fn check(&self) -> Result<(), Denied> {
        match self.device.as_deref() {
            None | Some("" | DEVICE) => Ok(()),
            Some(other) => Err(Denied::new(404, format!("Устройство с ID [{other}] не найдено"))),
        }
    }
}

pub(super) async fn server_info(State(server): Shared) -> Json<Value> {
    let machine = server.machine();
    Json(json!({
        "serverVersion": "1.0.4.0",
        "driverVersion": "10.10.7.0",
        "os": "linux",
        "currentDateTime": moment(machine.register.now(), &machine.register.setup.zone),
        "product": "fiscal-simulator",
    }))
}

pub(super) async fn settings(State(server): Shared) -> Json<Value> {
    let settings = server.machine().settings.clone();
    Json(json!({
        "blockQueueOnPrintErrors": settings.waits_for_paper,
        "deleteRequestsAfter": settings.keep_minutes,
        "validateRequestsOnAdd": false,
    }))
}

/// What may be set; the rest of the real server's settings is of no consequence here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSettings {
    block_queue_on_print_errors: Option<bool>,
    delete_requests_after: Option<u32>,
}

pub(super) async fn set_settings(State(server): Shared, body: Bytes) -> Answer {
    let new: NewSettings = read(&body)?;
    let mut machine = server.machine();
    if let Some(waits) = new.block_queue_on_print_errors {
        machine.settings.waits_for_paper = waits;
    }
    if let Some(minutes) = new.delete_requests_after {
        machine.settings.keep_minutes = minutes.into();
    }
    Ok(Json(json!({})))
}

fn described(server: &Server) -> Value {
    let machine = server.machine();
    json!({
        "id": DEVICE,
        "name": "Симулятор",
        "connectionSettings": { "model": 57, "port": "usb", "usbDevice": "auto" },
        "otherSettings": {},
        "isActive": machine.is_active,
        "isDefault": true,
        "isLock": machine.queue.blocked().is_some(),
        "hasLicense": true,
    })
}

pub(super) async fn devices(State(server): Shared) -> Json<Value> {
    Json(json!([described(&server)]))
}

pub(super) async fn device(State(server): Shared, Path(id): Path<String>) -> Answer {
    let device = if id == "default" { None } else { Some(id) };
    Which { device }.check()?;
    Ok(Json(described(&server)))
}

pub(super) async fn set_default(body: Bytes) -> Answer {
    let body: Value = read(&body)?;
    let id = body["id"].as_str().unwrap_or_default();
    if id != DEVICE {
        return Err(Denied::new(404, format!("Устройство с ID [{id}] не найдено")));
    }
    Ok(Json(json!({})))
}

pub(super) async fn activate(State(server): Shared, Query(which): Query<Which>) -> Answer {
    set_active(&server, &which, true)
}

pub(super) async fn deactivate(State(server): Shared, Query(which): Query<Which>) -> Answer {
    set_active(&server, &which, false)
}

fn set_active(server: &Server, which: &Which, active: bool) -> Answer {
    which.check()?;
    server.machine().is_active = active;
    server.ring();
    Ok(Json(json!({})))
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Denied> {
    serde_json::from_slice(body).map_err(|error| Denied::new(400, error.to_string()))
}

/// The key and the tasks of a request; a lone task counts as a list.
fn request(body: &[u8]) -> Result<(String, Vec<Value>), Denied> {
    let mut body: Value = read(body)?;
    let uuid = body["uuid"].as_str().filter(|uuid| !uuid.is_empty());
    let uuid = uuid.ok_or_else(|| Denied::new(400, "Поле 'uuid' не задано"))?.to_owned();
    let tasks = match body.get_mut("request").map(Value::take) {
        Some(Value::Array(tasks)) => tasks,
        Some(task @ Value::Object(_)) => vec![task],
        _ => Vec::new(),
    };
    if tasks.is_empty() {
        return Err(Denied::new(400, "Поле 'request' не задано или пустое"));
    }
    Ok((uuid, tasks))
}

pub(super) async fn submit(
    State(server): Shared,
    ConnectInfo(line): ConnectInfo<Line>,
    Query(which): Query<Which>,
    body: Bytes,
) -> Response {
    match take(&server, &line, &which, &body, false).await {
        Ok(response) => response,
        Err(denied) => denied.into_response(),
    }
}

pub(super) async fn submit_old(
    State(server): Shared,
    ConnectInfo(line): ConnectInfo<Line>,
    Query(which): Query<Which>,
    body: Bytes,
) -> Response {
    match take(&server, &line, &which, &body, true).await {
        Ok(response) => response,
        Err(denied) => denied.into_response(),
    }
}

/// Takes a request, unless what is between fails.
async fn take(
    server: &Server,
    line: &Line,
    which: &Which,
    body: &[u8],
    is_old: bool,
) -> Result<Response, Denied> {
    which.check()?;
    let (uuid, tasks) = request(body)?;
    let fiscal = tasks.iter().filter(|task| task::is_fiscal(task)).count();
    if is_old && fiscal > 1 {
        return Err(Denied::new(400, format!("Too many fiscal sub-tasks - {fiscal}")));
    }
    let (taken, lost, forgets) = {
        let mut machine = server.machine();
        if machine.faults.draw(FaultKind::ReplyLostBefore).is_some() {
            return Ok(cut(Some(line)));
        }
        let taken = machine.submit(&uuid, tasks)?;
        let lost = machine.faults.draw(FaultKind::ReplyLostAfter).is_some();
        (taken, lost, machine.faults.draw(FaultKind::RestartForgets).is_some())
    };
    server.ring();
    if forgets {
        server.done_with(&uuid).await;
        server.machine().restart(true)?;
    }
    if lost || forgets {
        return Ok(cut(Some(line)));
    }
    Ok((StatusCode::CREATED, Json(taken)).into_response())
}

pub(super) async fn outcome(
    State(server): Shared,
    Query(which): Query<Which>,
    Path(uuid): Path<String>,
) -> Answer {
    which.check()?;
    server.machine().outcome(&uuid).map(Json)
}

pub(super) async fn cancel(
    State(server): Shared,
    Query(which): Query<Which>,
    Path(uuid): Path<String>,
) -> Answer {
    which.check()?;
    server.machine().cancel(&uuid)?;
    Ok(Json(json!({})))
}

/// An old server says 405 where the new one says 409.
pub(super) async fn cancel_old(State(server): Shared, Path(uuid): Path<String>) -> Answer {
    let canceled = server.machine().cancel(&uuid);
    canceled.map(|()| Json(json!({}))).map_err(|denied| match denied.status {
        409 => Denied { status: 405, ..denied },
        _ => denied,
    })
}

pub(super) async fn queue_status(State(server): Shared, Query(which): Query<Which>) -> Answer {
    which.check()?;
    Ok(Json(server.machine().queue_status()))
}

/// The same of an old server.
pub(super) async fn statistics(State(server): Shared) -> Json<Value> {
    let status = server.machine().queue_status();
    Json(json!({
        "tasksReadyCount": status["ready"],
        "tasksNotReadyCount": status["number"],
        "tasksCanceledCount": status["canceled"],
    }))
}

/// Questions past the queue.
pub(super) async fn operation(
    State(server): Shared,
    Query(which): Query<Which>,
    Path(name): Path<String>,
) -> Answer {
    which.check()?;
    let question = match name.as_str() {
        "queryDeviceStatus" => "getDeviceStatus",
        "queryDeviceInfo" => "getDeviceInfo",
        "queryShiftStatus" => "getShiftStatus",
        "queryShiftTotals" => "getShiftTotals",
        "queryFnInfo" => "getFnInfo",
        "queryFnStatus" => "getFnStatus",
        "queryOfdExchangeStatus" => "ofdExchangeStatus",
        "queryIsmExchangeStatus" => "ismExchangeStatus",
        "queryLicenses" => "getLicenses",
        _ => return Err(Denied::new(404, format!("Нет такой операции: {name}"))),
    };
    server.machine().ask(question).map(Json)
}
