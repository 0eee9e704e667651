//! A box on a folder of the test's choice, without people.

use std::path::Path;
use std::time::{Duration, Instant};

use qres::appliance::Appliance;
use qres::core::store::DataFolder;
use qres::features::cloud::current_error;
use qres::features::setup::Setup;
use qres::platform::config::Enrolment;
use qres::platform::config::Settings;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::harness::{Client, PASSWORD};

pub struct Running {
    pub app: Appliance,
    pub base: String,
    stop: CancellationToken,
}

pub fn settings(folder: &Path, site: &Enrolment, hardware: &str) -> Settings {
    let mut settings = Settings { data_dir: folder.into(), mdns: false, ..Settings::default() };
    settings.cloud.enrolment = Some(site.to_text());
    settings.cloud.hardware = Some(hardware.into());
    settings
}

impl Running {
    pub async fn on(folder: &Path, site: &Enrolment, hardware: &str) -> Self {
        until_free(folder).await;
        let app = Appliance::open(settings(folder, site, hardware)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        tokio::spawn(app.clone().serve(listener, None, stop.clone()));
        Self { app, base, stop }
    }

    /// Nobody of a box that came back from the cloud has a password: the admin comes in with the code
    /// of the console, under the old name.
    pub async fn set_up_again(&self) -> Client {
        let anybody = Client::new(&self.base, None);
        let needed = json!({"needed": true, "restored": true});
        assert_eq!(anybody.get("/setup/state").await.ok(), needed);
        let known = anybody.get("/restaurant").await.ok();
        let code = self.app.state::<Setup>().new_code().unwrap();
        let again = json!({"code": code,
            "restaurant": {"name": known["name"], "currency": known["currency"],
                           "timezone": known["timezone"], "languages": known["languages"]},
            "admin": {"username": "admin", "full_name": "Test admin", "password": PASSWORD}});
        let admin = anybody.post("/setup", &again).await.created();
        assert_eq!(admin["username"], "admin");
        let word = json!({"username": "admin", "password": PASSWORD});
        let token = anybody.post("/auth/login", &word).await.ok();
        Client::new(&self.base, token["access_token"].as_str())
    }

    /// Waits until it knows of this error; returns the sentence.
    pub async fn until_trouble(&self, code: &str) -> String {
        let began = Instant::now();
        loop {
            let error = self.app.store.read(current_error).await.unwrap();
            if let Some((_, words)) = error.as_ref().filter(|(known, _)| known == code) {
                return words.clone();
            }
            assert!(began.elapsed() < Duration::from_mins(1), "not {code} but {error:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The box that was here before may still be ending: its last task holds the folder.
async fn until_free(folder: &Path) {
    let began = Instant::now();
    while DataFolder::lock(folder).is_err() {
        assert!(began.elapsed() < Duration::from_mins(1), "nobody lets go of {}", folder.display());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
