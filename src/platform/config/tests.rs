use super::*;

fn load(toml: &str) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("qres.toml");
    std::fs::write(&file, toml).unwrap();
    Settings::load(Some(&file))
}

#[test]
fn a_file_changes_what_it_names() {
    let settings = load("listen = \"127.0.0.1:9000\"\nguest_orders = \"direct\"").unwrap();
    assert_eq!(settings.listen.port(), 9000);
    assert_eq!(settings.guest_orders, Some(GuestOrders::Direct));
    assert_eq!(settings.currency, "RUB");
}

#[test]
fn wrong_settings_are_explained() {
    for (toml, says) in [
        ("restaurant_nam = \"X\"", "Did you mean “restaurant_name”?"),
        ("listen = \"here\"", "“listen”"),
        ("listen = ", "The settings cannot be read"),
        ("restaurant_timezone = \"Mars/North\"", "no time zone “Mars/North”"),
        ("algorithm = \"none\"", "HS256"),
        ("setup_code = \"pizza-1\"", "8 to 32 letters"),
        ("metrics_token = \"short\"", "16 characters"),
        ("log_to = \"paper\"", "log_to"),
        ("webhook_url = \"ftp://x\"", "webhook_url"),
        ("webhook_url = \"https://x\"", "webhook_secret"),
        ("secret_key = \"short\"", "32 characters"),
        ("currency = \"rubles\"", "three capitals"),
        ("update_hours = \"3-25\"", "such as 3-6"),
        ("tls_listen = \"here\"", "“tls_listen”"),
        ("tls_cert = \"a.pem\"", "go together"),
        ("hsts = true", "trusted_proxies"),
        ("trusted_proxies = [\"proxy\"]", "no address and no net"),
        ("cors_origins = [\"*\"]", "name origins"),
        ("cors_origins = [\"https://a.example/x\"]", "name origins"),
    ] {
        let message = load(toml).unwrap_err().to_string();
        assert!(message.contains(says), "{message}");
    }
    let missing = Settings::load(Some(Path::new("/nowhere/qres.toml"))).unwrap_err();
    assert!(missing.to_string().contains("no settings file"));
}

/// F14: who names one address for HTTP opens HTTPS on no other.
#[test]
fn https_is_served_where_http_is_unless_it_is_named() {
    let tls = |text: &str| load(text).unwrap().tls_listen.map(|address| address.to_string());
    assert_eq!(tls("").unwrap(), "0.0.0.0:8443");
    assert_eq!(tls("listen = \"127.0.0.1:8010\"").unwrap(), "127.0.0.1:8443");
    assert_eq!(tls("listen = \"[::]:8000\"").unwrap(), "[::]:8443");
    let both = "listen = \"127.0.0.1:8010\"\ntls_listen = \"0.0.0.0:8443\"";
    assert_eq!(tls(both).unwrap(), "0.0.0.0:8443");
    assert_eq!(tls("listen = \"127.0.0.1:8010\"\ntls_listen = \"off\""), None);
    let by_hand = load("").unwrap().listening_on(([127, 0, 0, 1], 8010).into());
    assert_eq!(by_hand.tls_listen.unwrap().to_string(), "127.0.0.1:8443");
}
