//! What was counted of all requests since the start.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::Method;

use crate::core::histogram::Histogram;

/// The statuses that the box answers with; any other is counted as `other`.
const STATUSES: [u16; 24] = [
    101, 200, 201, 204, 206, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 421,
    422, 429, 500, 503, 507,
];

/// What is counted of all requests.
#[derive(Default)]
pub struct RequestMetrics {
    /// By route, then by method: bounded by the routes there are.
    routes: RwLock<HashMap<String, Methods>>,
}

type Methods = Vec<(Method, Arc<Route>)>;

/// One route with one method.
struct Route {
    took: Histogram,
    statuses: [AtomicU64; STATUSES.len() + 1],
}

impl Default for Route {
    fn default() -> Self {
        let statuses = std::array::from_fn(|_| AtomicU64::new(0));
        Self { took: Histogram::of_seconds(), statuses }
    }
}

/// Words that clients make up are one: they must not fill the memory.
fn known(method: &Method) -> Method {
    let all = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if all.contains(method) { method.clone() } else { Method::TRACE }
}

impl RequestMetrics {
    /// Counts a request. `route` is its template.
    pub fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let method = known(method);
        let counted = self.route(&method, route);
        let at = STATUSES.iter().position(|known| *known == status).unwrap_or(STATUSES.len());
        counted.statuses[at].fetch_add(1, Ordering::Relaxed);
        counted.took.observe(took);
    }

    fn route(&self, method: &Method, route: &str) -> Arc<Route> {
        let find = |methods: &Methods| {
            methods.iter().find(|(known, _)| known == method).map(|(_, route)| Arc::clone(route))
        };
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = routes.get(route).and_then(find) {
            return found;
        }
        drop(routes);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let methods = routes.entry(route.to_owned()).or_default();
        if let Some(found) = find(methods) {
            return found;
        }
        let new = Arc::<Route>::default();
        methods.push((method.clone(), Arc::clone(&new)));
        new
    }

    pub(super) fn write(&self, text: &mut String) {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = routes
            .iter()
            .flat_map(|(route, methods)| {
                methods.iter().map(move |(m, counted)| (route, m, counted))
            })
            .collect();
        all.sort_by_key(|(route, method, _)| (*route, method.as_str()));
        head(text, "qres_http_requests_total", "counter", "Requests by route and status.");
        for (route, method, counted) in &all {
            for (at, count) in counted.statuses.iter().enumerate() {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let status = STATUSES.get(at).map_or("other".into(), u16::to_string);
                    let _ = writeln!(
                        text,
                        "qres_http_requests_total{{method=\"{method}\",route=\"{route}\",\
                         status=\"{status}\"}} {count}"
                    );
                }
            }
        }
        let name = "qres_http_request_duration_seconds";
        head(text, name, "histogram", "Time from the head of a request to the head of its reply.");
        for (route, method, counted) in &all {
            counted.took.write(text, name, &format!("method=\"{method}\",route=\"{route}\""));
        }
    }
}

/// What Prometheus reads before the values of a name.
pub(super) fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_status() {
        let metrics = RequestMetrics::default();
        for status in [200, 200, 404, 599] {
            metrics.count(&Method::GET, "/orders/{id}", status, Duration::from_millis(3));
        }
        for made_up in 0..1000 {
            let method = Method::from_bytes(format!("M{made_up}").as_bytes()).unwrap();
            metrics.count(&method, "/orders/{id}", 405, Duration::ZERO);
        }
        let mut text = String::new();
        metrics.write(&mut text);
        let of = |status: &str| {
            format!("{{method=\"GET\",route=\"/orders/{{id}}\",status=\"{status}\"}}")
        };
        for (status, count) in [("200", 2), ("404", 1), ("other", 1)] {
            let line = format!("qres_http_requests_total{} {count}\n", of(status));
            assert!(text.contains(&line), "{line} in {text}");
        }
        assert!(text.contains("route=\"/orders/{id}\",le=\"0.005\"} 4\n"), "{text}");
        let routes = metrics.routes.read().unwrap();
        assert_eq!(routes["/orders/{id}"].len(), 2, "made-up methods are one");
    }
}
