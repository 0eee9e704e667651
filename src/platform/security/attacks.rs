//! What scanners and attackers ask for. One sign proves nothing: each gives points, and only who
//! collects many within a few minutes is kept out. Bodies are never looked at: a dish may be called
//! anything.

/// So many points within [`super::limits::SCORED`] keep an address out.
pub const TOO_MANY: u32 = 100;
/// From here on a request is worth a line among the security events.
pub const NOTABLE: u32 = 10;

/// Paths of other programs, and files that no web server should hand out.
const PROBED: [&str; 34] = [
    "/.env",
    "/.git",
    "/.svn",
    "/.aws",
    "/.ssh",
    "/.htaccess",
    "/.htpasswd",
    "/.ds_store",
    "/.vscode",
    "/wp-",
    "/wordpress",
    "/xmlrpc.php",
    "/phpmyadmin",
    "/pma/",
    "/adminer",
    "/cgi-bin",
    "/vendor/phpunit",
    "/actuator",
    "/server-status",
    "/solr/",
    "/jenkins",
    "/manager/html",
    "/boaform",
    "/hnap1",
    "/owa/",
    "/autodiscover",
    "/_ignition",
    "/telescope",
    "/druid/",
    "/console/",
    "/web.config",
    "/etc/passwd",
    "/id_rsa",
    "/shell",
];
/// Endings of pages that are not made in Rust, and of files left behind.
const ENDINGS: [&str; 10] =
    [".php", ".asp", ".aspx", ".jsp", ".cgi", ".sql", ".bak", ".old", ".pem", ".sqlite"];
/// What scanners call themselves.
const SCANNERS: [&str; 22] = [
    "sqlmap",
    "nikto",
    "nmap",
    "masscan",
    "zgrab",
    "nuclei",
    "wpscan",
    "dirbuster",
    "gobuster",
    "feroxbuster",
    "ffuf",
    "acunetix",
    "nessus",
    "openvas",
    "w3af",
    "arachni",
    "havij",
    "whatweb",
    "zmeu",
    "morfeus",
    "jorgee",
    "dirsearch",
];
/// How SQL and scripts stand in parameters; spaces are single, letters small.
const INJECTED: [&str; 20] = [
    "' or ",
    "' and ",
    "\" or ",
    "or 1=1",
    "and 1=1",
    "union select",
    "union all select",
    "information_schema",
    "sqlite_master",
    "xp_cmdshell",
    "sleep(",
    "benchmark(",
    "pg_sleep",
    "waitfor delay",
    "; drop ",
    ";drop ",
    "<script",
    "javascript:",
    "${jndi:",
    "/etc/passwd",
];

/// The points of a request. `was_found` is false when there is nothing at its address.
pub fn points(path: &str, query: Option<&str>, agent: &str, was_found: bool) -> u32 {
    let mut points = 0;
    let path = plain(path);
    if path.split(['/', '\\']).any(|part| part == "..") || path.contains('\0') {
        points += 25;
    }
    if !was_found {
        let is_probe = PROBED.iter().any(|probe| path.contains(probe))
            || ENDINGS.iter().any(|ending| path.ends_with(ending));
        // An app of an older version asks for files that are gone.
        let is_ours = path.starts_with("/assets/") || path.starts_with("/uploads/");
        points += if is_probe { 20 } else { u32::from(!is_ours) };
    }
    if let Some(query) = query.filter(|query| is_odd(query)) {
        let query = plain(query);
        if INJECTED.iter().any(|sign| query.contains(sign)) || query.contains("../") {
            points += 10;
        }
    }
    let agent = agent.to_ascii_lowercase();
    if SCANNERS.iter().any(|scanner| agent.contains(scanner)) {
        points += 10;
    }
    points
}

/// Whether a query is worth reading: one of numbers and words is not.
pub fn is_odd(query: &str) -> bool {
    let signs = ['%', '+', '\'', '"', '<', '(', ';', ':', '/'];
    query.contains(signs)
}

/// With `%41` read as often as they are nested, `+` and runs of white space as one space, in small
/// letters.
fn plain(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..2 {
        if !bytes.contains(&b'%') {
            break;
        }
        bytes = decoded(&bytes);
    }
    let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase().replace('+', " ");
    if !text.contains(char::is_whitespace) {
        return text;
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = digit(at + 1).zip(digit(at + 2)).filter(|_| byte == b'%');
        out.push(match pair {
            Some((high, low)) => u8::try_from(high * 16 + low).unwrap_or(byte),
            None => byte,
        });
        at += if pair.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scanners_collect_points() {
        let browser = "Mozilla/5.0 (Android 9; Mobile)";
        for (path, query, agent, least) in [
            ("/.env", None, browser, 20),
            ("/wp-login.php", None, browser, 20),
            ("/old/wp-login.php", Some("x=1"), browser, 20),
            ("/backup.sql", None, browser, 20),
            ("/..%2f..%2fetc/passwd", None, browser, 45),
            ("/uploads/%252e%252e/secrets/key", None, browser, 25),
            ("/a\\..\\b", None, browser, 25),
            ("/menu", Some("id=1'%20OR%20'1'='1"), browser, 10),
            ("/menu", Some("id=1+UNION++ALL/**/SELECT+1--;drop table x"), browser, 10),
            ("/menu", Some("q=%3Cscript%3Ealert(1)"), browser, 10),
            ("/menu", Some("file=../../etc/passwd"), browser, 10),
            ("/menu", None, "sqlmap/1.7.2#stable", 10),
            ("/menu", None, "Mozilla/5.00 (Nikto/2.1.6)", 10),
        ] {
            let got = points(path, query, agent, path == "/menu");
            assert!(got >= least && got < TOO_MANY, "{path}?{query:?} {agent}: {got}");
        }
    }

    #[test]
    fn people_collect_none() {
        let browser = "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X)";
        for (path, query) in [
            ("/menu/AbC123", None),
            ("/orders", Some("from=2026-03-01T00:00:00Z&status=READY")),
            ("/dishes", Some("search=O%27Hara+or+else")),
            ("/dishes", Some("search=%D0%B1%D0%BE%D1%80%D1%89")),
            ("/uploads/abc-96.jpg", None),
        ] {
            assert_eq!(points(path, query, browser, true), 0, "{path}?{query:?}");
        }
        assert_eq!(points("/assets/index-old.js", None, browser, false), 0);
        // A wrong link is no attack, and a burger is one sign at most.
        assert_eq!(points("/favourites", None, browser, false), 1);
        assert!(points("/dishes", Some("search=Union+Select+burger"), browser, true) <= 10);
    }
}
