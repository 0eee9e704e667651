//! What every reply tells the browser to be careful about.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::host_check::Named;
use crate::core::clock;
use crate::platform::config::Settings;
use crate::platform::http::InlineStyle;
use crate::platform::tls::{Files, Good};

const CAREFUL: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "geolocation=(), microphone=(), camera=(self), payment=()",
    ),
];

/// Half a year.
const HSTS: &str = "max-age=15768000";

/// Older Safari does not count a WebSocket to the same host as 'self'. Where the page's own host
/// is known, it takes the place of these.
const ANY_SOCKET: &str = "ws: wss:";

/// What pages may load, and from where.
pub struct Policy {
    text: String,
    anywhere: HeaderValue,
    hsts: bool,
}

impl Policy {
    /// From the settings `csp_*`. What would let a page run scripts that are not files of a named
    /// place is left out, and said.
    pub fn new(settings: &Settings) -> Self {
        let own = || vec!["'self'".to_owned()];
        let of = |setting: &Option<Vec<String>>, default: Vec<String>| {
            setting.clone().filter(|sources| !sources.is_empty()).unwrap_or(default)
        };
        let mut connect = of(&settings.csp_connect_src, own());
        connect.push(ANY_SOCKET.into());
        let picture = vec!["'self'".to_owned(), "data:".to_owned()];
        let parts = [
            ("default-src", of(&settings.csp_default_src, own()), true),
            ("script-src", of(&settings.csp_script_src, own()), true),
            ("style-src", of(&settings.csp_style_src, own()), false),
            ("img-src", of(&settings.csp_img_src, picture), false),
            ("connect-src", connect, false),
            ("font-src", of(&settings.csp_font_src, own()), false),
        ];
        let mut text = String::new();
        for (name, sources, runs_scripts) in parts {
            let sources = sources.into_iter().filter(|source| is_sound(name, source, runs_scripts));
            text.push_str(&format!("{name} {}; ", sources.collect::<Vec<_>>().join(" ")));
        }
        text.push_str(
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        );
        let anywhere = HeaderValue::from_str(&text);
        let safest = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        // The owner's word is not enough where the certificate itself says otherwise.
        let is_public =
            |files: Files| files.look(clock::now()).is_ok_and(|good| good != Good::Nowhere);
        let hsts = settings.hsts && Files::of(settings).is_none_or(is_public);
        if settings.hsts && !hsts {
            tracing::warn!("hsts is not sent: no browser trusts this certificate by itself");
        }
        Self { anywhere: anywhere.unwrap_or(safest), text, hsts }
    }

    /// Adds what a reply lacks. `is_secure` is how the request came, `named` whom it named.
    pub fn add(&self, headers: &mut HeaderMap, named: Option<&Named>, is_secure: bool) {
        for (name, value) in CAREFUL {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        let is_page = headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let here = named.filter(|_| is_page).and_then(|named| self.of_page(named));
        let policy = here.unwrap_or_else(|| self.anywhere.clone());
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
        // A name that is only ours gets no certificate that everybody trusts.
        if self.hsts && is_secure && named.is_some_and(is_public_name) {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
        }
    }

    fn of_page(&self, named: &Named) -> Option<HeaderValue> {
        let host = named.with_port(named.port);
        let own = format!("ws://{host} wss://{host}");
        HeaderValue::from_str(&self.text.replacen(ANY_SOCKET, &own, 1)).ok()
    }
}

/// Lets a page keep the style that stands in it, and no other.
pub fn allow(headers: &mut HeaderMap, InlineStyle(source): InlineStyle) {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
    let with_style =
        policy.map(|policy| policy.replacen("style-src ", &format!("style-src {source} "), 1));
    if let Some(Ok(policy)) = with_style.map(HeaderValue::try_from) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

fn is_public_name(named: &Named) -> bool {
    let domain = named.host.rsplit_once('.').map(|(_, domain)| domain);
    named.address().is_none() && domain.is_some_and(|domain| domain != "local")
}

/// Whether a source may stand in the policy.
fn is_sound(name: &str, source: &str, runs_scripts: bool) -> bool {
    let source = source.trim();
    let is_word = !source.is_empty() && !source.contains([';', ',']) && source.is_ascii();
    let lower = source.to_ascii_lowercase();
    let is_loose = ["'unsafe-", "*", "data:", "blob:", "http:", "https:", "filesystem:"]
        .iter()
        .any(|loose| lower == *loose || (loose.starts_with('\'') && lower.starts_with(loose)));
    let is_sound = is_word && !(runs_scripts && is_loose);
    if !is_sound {
        tracing::warn!(part = name, source, "left out of the content policy: it is not safe");
    }
    is_sound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(settings: &Settings, kind: &'static str, host: &str, is_secure: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Policy::new(settings).add(&mut headers, Named::parse(host).as_ref(), is_secure);
        headers
    }

    #[test]
    fn scripts_are_files_of_ours_whatever_is_set() {
        let loose = Settings {
            csp_script_src: Some(
                ["'self'", "'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"]
                    .map(str::to_owned)
                    .to_vec(),
            ),
            csp_default_src: Some(vec!["'self'".into(), "'UNSAFE-INLINE'".into()]),
            csp_style_src: Some(vec!["'self'".into(), "'unsafe-inline'".into()]),
            csp_img_src: Some(vec!["'self'".into(), "https://photos.example".into()]),
            ..Settings::default()
        };
        let headers = headers(&loose, "text/html; charset=utf-8", "box:8000", false);
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'self'; script-src 'self'; "), "{policy}");
        assert!(policy.contains("style-src 'self' 'unsafe-inline'; "), "{policy}");
        assert!(policy.contains("img-src 'self' https://photos.example; "), "{policy}");
        assert!(policy.contains("connect-src 'self' ws://box:8000 wss://box:8000;"), "{policy}");
    }

    #[test]
    fn hsts_needs_a_name_that_everybody_trusts() {
        let hsts = Settings { hsts: true, ..Settings::default() };
        let has = |settings: &Settings, host: &str, is_secure: bool| {
            headers(settings, "text/html", host, is_secure)
                .contains_key(header::STRICT_TRANSPORT_SECURITY)
        };
        assert!(has(&hsts, "till.anna.example", true));
        assert!(!has(&hsts, "till.anna.example", false));
        assert!(!has(&hsts, "192.168.1.20:8443", true));
        assert!(!has(&hsts, "qres.local:8443", true));
        assert!(!has(&Settings::default(), "till.anna.example", true));
    }
}
