//! A box on a folder of the test's choice, without people.

use std::path::Path;
use std::time::{Duration, Instant};

use qres::appliance::Appliance;
use qres::core::store::DataFolder;
use qres::features::cloud::current_error;
use qres::platform::config::Enrolment;
use qres::platform::config::Settings;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

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
