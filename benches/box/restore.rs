//! A year of orders is kept and brought back: how long a restaurant waits for its books.

use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;

use crate::figures::Place;
use crate::report::{Report, Wanted};
use crate::server::qres;

/// Beside the year itself nothing is in the folder: photos add what copying them takes.
pub fn restore(place: &Place, report: &mut Report) {
    let old = place.copy("kept");
    crate::history::write(&old.join("qres.db"), 365);
    let (file, new) = (old.with_extension("tar.zst"), old.with_extension("new"));
    std::fs::create_dir_all(&new).unwrap();
    let file = file.to_str().unwrap();
    let kept = timed(&old, &["backup", file]);
    let brought_back = timed(&new, &["restore", file]);
    assert_eq!(orders(&old), orders(&new));
    let megabytes = std::fs::metadata(file).unwrap().len() as f64 / 1_000_000.0;
    println!("the backup has {megabytes:.1} MB");
    report.add("backup of a year of orders", &[kept], &[], "s", &Wanted::Nothing);
    let wanted = Wanted::AtMost { most: 60.0, aim: 20.0 };
    report.add("restore of a year of orders", &[brought_back], &[], "s", &wanted);
}

fn timed(data: &Path, arguments: &[&str]) -> f64 {
    let began = Instant::now();
    let output = qres(data).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    began.elapsed().as_secs_f64()
}

fn orders(data: &Path) -> i64 {
    let db = Connection::open(data.join("qres.db")).unwrap();
    db.query_row("SELECT count(*) FROM orders", [], |row| row.get(0)).unwrap()
}
