//! The page with the menu in it, as the first reply to a guest.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Client, House, Reply};

/// The page as a browser with these headers gets it; none when the web apps were not built.
async fn page(nobody: &Client, path: &str, headers: &[(&str, &str)]) -> Option<Reply> {
    let mut request = nobody.request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let page = nobody.send(request).await;
    if page.status == 503 {
        return None;
    }
    assert_eq!(page.status, 200);
    Some(page)
}

#[tokio::test]
async fn the_menu_is_readable_in_the_first_reply() {
    let house = House::open().await;
    let nobody = house.app.anonymous();
    let Some(first) = page(&nobody, "/menu/any-code", &[]).await else { return };
    let text = first.text();
    for part in ["<b>Borscht</b>", "350\u{a0}₽", "от</span> 450\u{a0}₽", "15 мин", "href=\"#c"]
    {
        assert!(text.contains(part), "{part} is missing");
    }
    // Its style is in it and allowed by its hash, and nothing else is.
    assert!(text.contains("<style>") && !text.contains("rel=\"stylesheet\""));
    let policy = first.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("'sha256-") && !policy.contains("unsafe-inline"), "{policy}");

    // A change of the menu is in the next reply, and the old tag is known no more.
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let soup = format!("/dishes/{}/availability", house.borscht);
    house.admin.patch(&soup, &json!({"is_available": false})).await.ok();
    let next = page(&nobody, "/menu", &[("if-none-match", &tag)]).await.unwrap();
    assert!(!next.text().contains("Borscht"));
}

#[tokio::test]
async fn it_speaks_the_guests_language() {
    let house = House::open().await;
    let path = format!("/dishes/{}", house.borscht);
    let names = json!({"translations": {"en": {"name": "Beet soup"}}});
    house.admin.patch(&path, &names).await.ok();
    let nobody = house.app.anonymous();
    for (path, headers, is_english) in [
        ("/menu", &[][..], false),
        ("/menu", &[("accept-language", "de, en-GB;q=0.8, ru;q=0.5")][..], true),
        ("/menu", &[("accept-language", "en"), ("cookie", "a=b; qres-language=ru")][..], false),
        ("/menu?lang=en", &[("cookie", "qres-language=ru")][..], true),
    ] {
        let Some(page) = page(&nobody, path, headers).await else { return };
        let text = page.text();
        assert_eq!(text.contains("<html lang=\"en\""), is_english, "{path} {headers:?}");
        assert_eq!(text.contains("<b>Beet soup</b>"), is_english, "{path} {headers:?}");
        assert_eq!(text.contains("<b>Borscht</b>"), !is_english, "{path} {headers:?}");
        assert!(page.headers["vary"].to_str().unwrap().contains("accept-language"));
    }
}

#[tokio::test]
async fn no_text_of_the_menu_becomes_markup() {
    let house = House::open().await;
    let path = format!("/dishes/{}", house.borscht);
    let bad = json!({"name": "</script><script>x</script>", "description": "\"<img onerror=x>"});
    house.admin.patch(&path, &bad).await.ok();
    let Some(page) = page(&house.app.anonymous(), "/menu", &[]).await else { return };
    let text = page.text();
    assert!(!text.contains("<script>x") && !text.contains("<img onerror"), "{text}");
    assert!(text.contains("&lt;/script&gt;") && text.contains("\\u003c/script>"));
}
