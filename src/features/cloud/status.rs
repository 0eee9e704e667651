//! How the copy is, asked from beside the box: what its database says, how fast it changes, and
//! whether the cloud answers on this machine's network.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::CloudStatus;
use super::connect::{CloudError, Connection, cloud_error};
use crate::core::kernel::Timestamp;
use crate::platform::config::Enrolment;

/// Between the two looks that tell the rate.
const BETWEEN: Duration = Duration::from_secs(1);

/// Reads the status of a box, whether it runs or not, twice, and knocks at its cloud. Takes about a
/// second, and up to 15 when the cloud is silent.
///
/// # Errors
/// When the status cannot be read.
pub async fn status<E>(
    read: impl Fn() -> Result<CloudStatus, E>,
    enrolment: Option<&Enrolment>,
) -> Result<CloudStatus, E> {
    let before = read()?;
    let again = Instant::now() + BETWEEN;
    let answer = match enrolment {
        Some(enrolment) => Some((enrolment, ask(enrolment).await)),
        None => None,
    };
    if before.waiting_rows > 0 {
        sleep_until(again).await;
    }
    let asked = (Instant::now() - (again - BETWEEN)).as_secs_f64();
    let mut status = read()?;
    let pushed = status.pushed_rows - before.pushed_rows;
    if pushed > 0 {
        status.rows_per_second = pushed as f64 / asked;
        status.seconds_to_catch_up = Some(status.waiting_rows as f64 / status.rows_per_second);
    }
    let Some((enrolment, answer)) = answer else { return Ok(status) };
    status.enrolled = true;
    status.host = Some(enrolment.host.clone());
    match answer {
        Ok((published, reaches)) => {
            status.connected = true;
            status.published_menu = published;
            status.cloud_reaches = reaches.map(Timestamp);
        }
        Err(error) => {
            status.trouble = Some(error.code.into());
            status.trouble_text = Some(error.words);
        }
    }
    Ok(status)
}

async fn ask(enrolment: &Enrolment) -> Result<(Option<i64>, Option<i64>), CloudError> {
    let connection = Connection::enrolled(enrolment).await?;
    let sql = "SELECT (SELECT version FROM qres.my_publication()), complete_until
               FROM qres.my_state()";
    let row = connection.client.query_one(sql, &[]).await.map_err(cloud_error)?;
    Ok((row.get(0), row.get(1)))
}
