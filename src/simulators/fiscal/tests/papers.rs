//! What comes out of the printer.

use serde_json::json;

use super::{Till, operator, sell};

#[tokio::test]
async fn a_receipt_is_read_as_text_and_as_a_picture() {
    let till = Till::open().await;
    let mut task = sell();
    task["postItems"] = json!([{ "type": "text", "text": "Стол 5", "alignment": "center" }]);
    till.run("sale", &task).await;
    let fetch = async |path: &str| {
        let response = till.client.get(till.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.bytes().await.unwrap()
    };
    let text = fetch("/simulator/documents/2.txt").await;
    let text = std::str::from_utf8(&text).unwrap();
    for part in [
        "НЕ НАСТОЯЩИЙ ЧЕК",
        "Борщ",
        "2 x 450.00",
        "=900.00",
        "СДАЧА",
        "=100.00",
        "Стол 5",
        "НДС 22%",
        "=162.30",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(
        text.lines().filter(|line| !line.starts_with("[QR")).all(|line| line.chars().count() <= 42)
    );
    let picture = fetch("/simulator/documents/2.png").await;
    let picture = image::load_from_memory(&picture).unwrap().to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.into_raw();
    let grey = |x, y| pixels[y * width + x];
    let mut found = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let (_, content) = found.detect_grids()[0].decode().unwrap();
    assert!(text.contains(&format!("[QR {content}]")), "{content}");
    assert_eq!(till.get("/simulator/documents/99").await.0, 404);
}

#[tokio::test]
async fn slips_and_copies_are_papers_and_no_documents() {
    let till = Till::open().await;
    till.run("sale", &sell()).await;
    let slip = json!({ "type": "nonFiscal", "items": [{ "type": "text", "text": "Счёт" }] });
    assert_eq!(till.run("slip", &slip).await["status"], "ready");
    let copy = json!({ "type": "printLastReceiptCopy", "operator": operator() });
    assert_eq!(till.run("copy", &copy).await["status"], "ready");
    assert_eq!(till.documents().await, 2);
    let (_, papers) = till.get("/simulator/papers?after=2").await;
    assert_eq!((&papers[0]["kind"], &papers[1]["kind"]), (&json!("nonFiscal"), &json!("copy")));
    let (_, copy) = till.get("/simulator/papers/4").await;
    assert!(copy["text"].as_str().unwrap().contains("КОПИЯ ЧЕКА"));
}
