//! Photos: taken in from an admin, shown to everybody.

use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;

use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::harness::{Client, Reply, TestApp};

fn bytes_of(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red at the left, blue at the right.
fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([220, 30, 20]) } else { Rgb([20, 30, 220]) }
    })
}

/// A JPEG as a telephone makes it, held on its side: with its place, its time and its camera.
fn from_a_telephone() -> Vec<u8> {
    let jpeg = bytes_of(photo(1600, 1200), ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0".to_vec();
    // Little endian, one directory: orientation 6 (turned right), the camera, and where it was.
    exif.extend(b"II*\0\x08\0\0\0\x03\0");
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    exif.extend(b"\x0f\x01\x02\0\x10\0\0\0\x32\0\0\0");
    exif.extend(b"\x25\x88\x04\0\x01\0\0\0\x42\0\0\0");
    exif.extend(b"\0\0\0\0SecretCamera 12\0\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
}

async fn upload(client: &Client, bytes: Vec<u8>) -> Reply {
    let request = client.request(Method::POST, "/uploads").header(CONTENT_TYPE, "image/jpeg");
    client.send(request.body(bytes)).await
}

async fn fetch(app: &TestApp, url: &Value) -> (DynamicImage, Vec<u8>) {
    let reply = app.anonymous().get(url.as_str().unwrap()).await;
    assert_eq!(reply.status, 200, "{url}");
    (image::load_from_memory(&reply.bytes).unwrap(), reply.bytes)
}

fn files(app: &TestApp) -> Vec<std::fs::DirEntry> {
    let folder = app.folder.path().join("data/uploads");
    std::fs::read_dir(folder).unwrap().map(Result::unwrap).collect()
}

fn is_red([red, _, blue, _]: [u8; 4]) -> bool {
    red > 150 && blue < 100
}

#[tokio::test]
async fn a_photo_comes_in_upright_in_all_sizes_and_without_its_past() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let camera = from_a_telephone();
    assert!(camera.windows(12).any(|bytes| bytes == b"SecretCamera"));
    let photo = upload(&admin, camera.clone()).await.created();
    assert_eq!(photo["url"], photo["sizes"]["960"]);
    for (width, dimensions) in
        [("96", (96, 96)), ("192", (192, 192)), ("480", (480, 640)), ("960", (960, 1280))]
    {
        let (picture, bytes) = fetch(&app, &photo["sizes"][width]).await;
        assert_eq!(picture.dimensions(), dimensions, "{width}");
        // What was at the left is at the top: it was turned right.
        assert!(is_red(picture.get_pixel(dimensions.0 - 9, 9).0), "{width}");
        assert!(!is_red(picture.get_pixel(9, dimensions.1 - 9).0), "{width}");
        for past in [&b"Exif"[..], b"SecretCamera", b"GPS"] {
            assert!(!bytes.windows(past.len()).any(|bytes| bytes == past), "{width}");
        }
    }
    let reply = app.anonymous().get(photo["url"].as_str().unwrap()).await;
    assert_eq!(reply.headers["content-type"], "image/jpeg");
    assert_eq!(reply.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");

    let again = upload(&admin, camera).await.created();
    assert_eq!(again, photo, "the same photo has the same address");
    assert_eq!(files(&app).len(), 4);
    for file in files(&app) {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn pictures_of_every_kind_are_taken_and_none_is_enlarged() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let clear = RgbaImage::from_pixel(300, 200, Rgba([255, 0, 0, 0]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let sizes = upload(&admin, bytes_of(clear.clone(), format)).await.created();
        let (picture, _) = fetch(&app, &sizes["url"]).await;
        assert_eq!(picture.dimensions(), (300, 200));
        assert_eq!(picture.get_pixel(150, 100).0, [255, 255, 255, 255], "paper, not black");
    }
    for (width, height, large) in [(1, 1, (1, 1)), (10, 8000, (2, 1920)), (8000, 10, (960, 1))] {
        let png = bytes_of(photo(width, height), ImageFormat::Png);
        let sizes = upload(&admin, png).await.created();
        assert_eq!(fetch(&app, &sizes["url"]).await.0.dimensions(), large);
    }
}

/// A PNG that says it is this large and holds next to nothing.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Sixteen);
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::IDAT, &[0x78, 0x9c, 0x63, 0, 0, 0, 2, 0, 1]).unwrap();
    drop(writer);
    bytes
}

#[tokio::test]
async fn what_is_no_good_picture_is_refused_and_leaves_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let jpeg = bytes_of(photo(800, 600), ImageFormat::Jpeg);
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let png = bytes_of(photo(80, 60), ImageFormat::Png);
    let webp = bytes_of(photo(80, 60), ImageFormat::WebP);
    for (bytes, code) in [
        (Vec::new(), "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "not_a_picture"),
        (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "not_a_picture"),
        (b"\xff\xd8\xff\xe0".to_vec(), "picture_broken"),
        (half(&jpeg), "picture_broken"),
        (half(&png), "picture_broken"),
        (half(&webp), "picture_broken"),
        (bomb(20_000, 20_000), "picture_too_large"),
        (bomb(4_900, 4_900), "picture_too_large"),
        (bomb(u32::MAX >> 1, u32::MAX >> 1), "picture_too_large"),
    ] {
        upload(&admin, bytes).await.refused(400, code);
    }
    let form = admin.request(Method::POST, "/uploads");
    let form = form.header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(jpeg.clone());
    admin.send(form).await.refused(400, "not_a_picture");
    let says = upload(&admin, vec![0xFF; 17 * 1024 * 1024]).await.refused(413, "too_large");
    assert!(says.contains("16 MB"), "{says}");
    assert!(files(&app).is_empty());

    for client in [app.waiter().await, app.kitchen().await] {
        upload(&client, jpeg.clone()).await.refused(403, "wrong_role");
    }
    upload(&app.anonymous(), jpeg).await.refused(401, "no_token");
}

#[tokio::test]
async fn nothing_but_photos_comes_out_of_the_folder() {
    let app = TestApp::start().await;
    std::fs::write(app.folder.path().join("data/uploads/notes.txt"), "mine").unwrap();
    let gone = "/uploads/0123456789abcdef0123456789abcdef-96.jpg";
    for path in [
        gone,
        "/uploads/notes.txt",
        "/uploads/..%2Fqres.db",
        "/uploads/%2e%2e%2fsecrets%2ftoken.key",
        "/uploads/..%5Cqres.db",
        "/uploads/%00",
        "/uploads/a%2Fb",
    ] {
        let reply = app.anonymous().get(path).await;
        assert_eq!(reply.status, 404, "{path}");
    }
}

#[tokio::test]
async fn many_photos_at_once_are_worked_on_one_after_the_other() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let photos = (0..8).map(|shade| {
        let png = bytes_of(RgbImage::from_pixel(400, 300, Rgb([shade * 30; 3])), ImageFormat::Png);
        upload(&admin, png)
    });
    for reply in futures_util::future::join_all(photos).await {
        reply.created();
    }
    assert_eq!(files(&app).len(), 8 * 4);
}

#[tokio::test]
async fn a_photo_stays_while_something_shows_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut urls = Vec::new();
    for shade in 0..5 {
        let png = bytes_of(RgbImage::from_pixel(40, 30, Rgb([shade * 60; 3])), ImageFormat::Png);
        urls.push(upload(&admin, png).await.created()["url"].clone());
    }
    let old = std::time::SystemTime::now() - std::time::Duration::from_hours(8 * 24);
    for file in files(&app) {
        std::fs::File::open(file.path()).unwrap().set_modified(old).unwrap();
    }
    let category = json!({"name": "Soups", "image_url": urls[0]});
    let category = admin.post("/categories", &category).await.created();
    let full_address = format!("{}{}", app.base, urls[1].as_str().unwrap());
    let dish = json!({"name": "Borscht", "description": "Red", "category_id": category["id"],
        "main_image_url": full_address});
    admin.post("/dishes", &dish).await.created();
    let group = json!({"name": "Sauces", "options": [{"name": "Hot", "image_url": urls[2]}]});
    let group = admin.post("/modifier-groups", &group).await.created();
    let good = json!({"name": "Beetroot", "base_unit": "g"});
    let good = admin.post("/stock/goods", &good).await.created();
    let invoice = json!({"kind": "PURCHASE", "place_id": 1, "photo_url": urls[4],
        "lines": [{"good_id": good["id"], "quantity": 1, "sum": "1"}]});
    let invoice = admin.post("/stock/documents", &invoice).await.created();
    assert_eq!(invoice["photo_url"], urls[4]);
    let tidied = qres::features::uploads::tidy(&app.app).await.unwrap();
    assert_eq!((tidied.kept, tidied.removed), (16, 4));
    let expect = async |statuses: [u16; 5]| {
        for (url, status) in urls.iter().zip(statuses) {
            assert_eq!(app.anonymous().get(url.as_str().unwrap()).await.status, status);
        }
    };
    expect([200, 200, 200, 404, 200]).await;

    // An option that is gone shows nothing any more, nor does a draft that was thrown away.
    let option = format!("/modifier-groups/{}/options/{}", group["id"], group["options"][0]["id"]);
    admin.delete(&option).await.ok();
    admin.delete(&format!("/stock/documents/{}", invoice["id"])).await.ok();
    for file in files(&app) {
        std::fs::File::open(file.path()).unwrap().set_modified(old).unwrap();
    }
    let tidied = qres::features::uploads::tidy(&app.app).await.unwrap();
    assert_eq!((tidied.kept, tidied.removed), (8, 8));
    expect([200, 200, 404, 404, 404]).await;
}
