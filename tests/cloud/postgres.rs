//! A PostgreSQL of the test's own in a temporary folder, with TLS and a certificate of its own
//! authority, and a look into it.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use qres::appliance::tables;
use qres::features::cloud::CloudAdmin;
use qres::platform::config::{Enrolment, WireTls};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tempfile::TempDir;

use crate::port::free_port;

const OWNER: &str = "owner";
const PASSWORD: &str = "the owner's word";

pub struct Postgres {
    pub port: u16,
    pub ca: String,
    data: PathBuf,
    server: Option<Child>,
    authority: CertifiedIssuer<'static, KeyPair>,
    _folder: TempDir,
}

impl Postgres {
    /// A running server with an empty database `qres`.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// A server that believes everybody and takes words in the clear.
    pub async fn start_trusting() -> Self {
        Self::start_with(|data| {
            std::fs::write(data.join("pg_hba.conf"), "host all all 127.0.0.1/32 trust\n").unwrap();
        })
        .await
    }

    async fn start_with(change: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("pg");
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let port = free_port();
        let authority = authority();
        let mut postgres =
            Self { port, ca: authority.pem(), data, server: None, authority, _folder: folder };
        postgres.make();
        change(&postgres.data);
        postgres.certify(2099);
        postgres.run().await;
        postgres
    }

    fn make(&self) {
        std::fs::create_dir(&self.data).unwrap();
        give_to_postgres(&self.data);
        let word = self.data.with_file_name("word");
        std::fs::write(&word, PASSWORD).unwrap();
        let made = as_postgres(&program("initdb"))
            .args(["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .arg(format!("--username={OWNER}"))
            .arg(format!("--pwfile={}", word.display()))
            .arg("-D")
            .arg(&self.data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// A certificate of the test's authority for this server, valid from 2020 to this year.
    pub fn certify(&self, until: i32) {
        let mut params =
            CertificateParams::new(vec!["localhost".into(), "127.0.0.1".into()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.authority).unwrap();
        for (name, text) in [("server.crt", certificate.pem()), ("server.key", key.serialize_pem())]
        {
            let path = self.data.join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
            give_to_postgres(&path);
        }
    }

    /// Starts the server (again) and waits until it lets the owner in.
    pub async fn run(&mut self) {
        self.run_for_nobody();
        let began = Instant::now();
        while let Err(error) = self.owner_of("postgres").await {
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "no PostgreSQL: {error}: {}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let owner = self.owner_of("postgres").await.unwrap();
        // Again after a restart it is there already.
        let _ = owner.client().batch_execute("CREATE DATABASE qres").await;
    }

    /// Starts the server (again), whoever may be let in.
    pub fn run_for_nobody(&mut self) {
        let log = std::fs::File::create(self.data.with_extension("log")).unwrap();
        let server = as_postgres(&program("postgres"))
            .arg("-D")
            .arg(&self.data)
            .args(["-p", &self.port.to_string(), "-k", ""])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "ssl=on", "-c", "max_connections=40"])
            .args(["-c", "shared_buffers=64MB", "-c", "synchronous_commit=on"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.server = Some(server);
    }

    /// As if its machine lost power. Its children notice by themselves.
    pub fn kill(&mut self) {
        let mut server = self.server.take().expect("it runs");
        server.kill().unwrap();
        server.wait().unwrap();
        // A new server refuses to start while the old one's children still hold its memory.
        let held = || {
            let status =
                as_postgres(&program("pg_ctl")).arg("status").arg("-D").arg(&self.data).output();
            status.is_ok_and(|output| output.status.success())
        };
        let began = Instant::now();
        while held() && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A folder that belongs to the server.
    pub fn folder_beside(&self, name: &str) -> PathBuf {
        let folder = self.data.with_file_name(name);
        std::fs::create_dir(&folder).unwrap();
        give_to_postgres(&folder);
        folder
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.with_extension("log")).unwrap_or_default()
    }

    /// How often somebody came with a wrong word since it runs.
    pub fn refusals(&self) -> usize {
        self.log().matches("password authentication failed").count()
    }

    pub fn url(&self, database: &str) -> String {
        let word = PASSWORD.replace(' ', "%20").replace('\'', "%27");
        format!("postgres://{OWNER}:{word}@127.0.0.1:{}/{database}?sslmode=require", self.port)
    }

    async fn owner_of(
        &self,
        database: &str,
    ) -> Result<CloudAdmin, qres::features::cloud::CloudError> {
        CloudAdmin::connect(&self.url(database), Some(&self.ca)).await
    }

    /// The owner of the cloud.
    pub async fn owner(&self) -> CloudAdmin {
        self.owner_of("qres").await.unwrap()
    }

    /// The owner of the cloud, who speaks in the clear.
    pub async fn owner_in_the_clear(&self) -> CloudAdmin {
        let url = self.url("qres").replace("sslmode=require", "sslmode=disable");
        CloudAdmin::connect(&url, None).await.unwrap()
    }

    /// A cloud with a site in it.
    pub async fn site(&self, name: &str) -> Enrolment {
        let mut owner = self.owner().await;
        owner.init(tables()).await.unwrap();
        owner.add_site(name, None).await.unwrap()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.server.is_some() {
            // Fast stop: the kill alone would leave shared memory behind.
            let _ = as_postgres(&program("pg_ctl"))
                .args(["stop", "-m", "immediate", "-D"])
                .arg(&self.data)
                .output();
            let _ = self.server.take().map(|mut server| server.wait());
        }
    }
}

/// The same enrolment over another port, e.g. through a wire that breaks.
pub fn by_way_of(enrolment: &Enrolment, port: u16) -> Enrolment {
    Enrolment { port, ..enrolment.clone() }
}

/// An authority that is not the cloud's.
pub fn foreign_authority() -> WireTls {
    WireTls::Own(authority().pem())
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .filter(|p| p.exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| panic!("PostgreSQL's {name} is installed"))
}

/// PostgreSQL does not run as root: there it runs as its own user.
fn as_postgres(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some((uid, gid)) = postgres_user() {
        command.uid(uid).gid(gid);
    }
    command
}

pub fn give_to_postgres(path: &Path) {
    if let Some((uid, gid)) = postgres_user() {
        std::os::unix::fs::chown(path, Some(uid), Some(gid)).unwrap();
    }
}

/// Its ids, where this process is root.
fn postgres_user() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    if std::fs::metadata("/proc/self").ok()?.uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let line = users.lines().find(|line| line.starts_with("postgres:")).expect("a user postgres");
    let mut fields = line.split(':').skip(2).map(|field| field.parse().unwrap());
    Some((fields.next()?, fields.next()?))
}
