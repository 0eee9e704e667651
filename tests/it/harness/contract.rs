//! Holds every reply of every test against the OpenAPI document.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::Reply;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::to_value(qres::appliance::openapi()).expect("the document is JSON")
});

type Validators = Mutex<HashMap<String, &'static Validator>>;
static VALIDATORS: LazyLock<Validators> = LazyLock::new(Mutex::default);

/// Fails when a JSON reply is not what the document says of its path, method and status.
pub fn check(method: &Method, path: &str, reply: &Reply) {
    let kind = reply.headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("");
    if !kind.contains("json") || ["/openapi.json", "/ws/orders"].contains(&path) {
        return;
    }
    let method = method.as_str().to_lowercase();
    let in_document = |template: &String| DOCUMENT["paths"][template].get(&method).is_some();
    let Some(template) = template(path).filter(in_document) else {
        // Refused at the door, or not there.
        assert!(
            matches!(reply.status.as_u16(), 403 | 404 | 405 | 413 | 421 | 429),
            "{method} {path} answers but is not in the document"
        );
        return;
    };
    let responses = &DOCUMENT["paths"][&template][&method]["responses"];
    let status = reply.status.as_u16().to_string();
    let key = if responses.get(&status).is_some() { status.as_str() } else { "default" };
    let schema = &responses[key]["content"][kind]["schema"];
    assert!(schema.is_object(), "{method} {template} {status} ({kind}) is not in the document");
    let name = format!("{method} {template} {key} {kind}");
    if let Err(error) = validator(name, schema).validate(&reply.json()) {
        panic!("{method} {path} {status}: {error} at {}\n{}", error.instance_path(), reply.text());
    }
}

/// The document's path for a real one.
fn template(path: &str) -> Option<String> {
    let path = path.strip_prefix("/api").unwrap_or(path).trim_end_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let wanted: Vec<&str> = template.split('/').collect();
        wanted.len() == parts.len()
            && wanted.iter().zip(&parts).all(|(w, p)| w.starts_with('{') || w == p)
    };
    let paths = DOCUMENT["paths"].as_object()?;
    // A path without variables goes before one with them.
    paths.keys().filter(|t| fits(t)).min_by_key(|t| t.matches('{').count()).cloned()
}

fn validator(name: String, schema: &Value) -> &'static Validator {
    let mut validators = VALIDATORS.lock().expect("no test panics in here");
    validators.entry(name).or_insert_with(|| {
        let whole = json!({"allOf": [schema], "components": DOCUMENT["components"]});
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&whole)
            .expect("the document's schemas are good");
        Box::leak(Box::new(validator))
    })
}
