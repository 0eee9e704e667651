//! Tells the program its commit, and makes sure that there is a folder of web apps to embed:
//! without them built the box still serves its API.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-env-changed=QRES_COMMIT");
    let commit =
        std::env::var("QRES_COMMIT").ok().or_else(|| git(&["rev-parse", "--short", "HEAD"]));
    println!("cargo:rustc-env=QRES_COMMIT={}", commit.as_deref().unwrap_or("unknown"));
    // HEAD itself only names the branch; its log grows with every commit.
    for file in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", file]);
        if let Some(path) = path.filter(|path| Path::new(path).exists()) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    let dist = Path::new("web/dist");
    if let Err(error) = std::fs::create_dir_all(dist) {
        println!("cargo:warning=web/dist cannot be made: {error}");
    }
    println!("cargo:rerun-if-changed=web/dist");
    link_small();
}

/// LLVM's linker, which is Rust's own here, keeps one of functions that came out alike, and packs the
/// list of addresses that the loader mends (a megabyte that every start reads), which takes glibc 2.36
/// or a newer one. The boards' program is linked in the same way (packaging/arm/build.sh).
fn link_small() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|it| it == value);
    if is("TARGET", "x86_64-unknown-linux-gnu") && is("PROFILE", "release") {
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
