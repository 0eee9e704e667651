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

#[tokio::test]
async fn a_first_reply_stays_small_however_long_the_menu_is() {
    const DISHES: usize = 160;
    let house = House::open().await;
    let soups =
        house.admin.get(&format!("/dishes/{}", house.borscht)).await.ok()["category_id"].clone();
    for number in 0..DISHES {
        let words: Vec<_> =
            (0..14).map(|at| format!("{:x}", (number + 7) * (at + 31) * 7919)).collect();
        let dish = json!({"category_id": soups, "name": format!("Dish {number}"), "description": words.join(" ")});
        let dish = house.admin.post("/dishes", &dish).await.created();
        let path = format!("/dishes/{}/variations", dish["id"]);
        house.admin.post(&path, &json!({"name": "M", "price": "100.00"})).await.created();
    }
    let nobody = house.app.anonymous();
    let gzip = [("accept-encoding", "gzip")];
    let Some(first) = page(&nobody, "/menu", &gzip).await else { return };
    assert!(first.bytes.len() <= 17_500, "{} bytes", first.bytes.len());
    let text = page(&nobody, "/menu", &[]).await.unwrap().text();
    let here = text.matches("class=\"dish").count();
    assert!((10..DISHES).contains(&here), "{here} dishes");
    assert!(text.contains("href=\"?whole\""));
    let whole = page(&nobody, "/menu?whole", &[]).await.unwrap().text();
    assert!(whole.contains(&format!("<b>Dish {}</b>", DISHES - 1)));
    assert!(!whole.contains("href=\"?whole\""));
}

/// What a price list took off stands beside the price, and what only a sheet needs is not on the page.
#[tokio::test]
async fn it_says_what_a_price_is_at_other_times_and_little_of_combos() {
    let house = House::open().await;
    let all =
        json!([{"scope": "DISH", "target_id": house.borscht, "kind": "MINUS", "amount": "50"}]);
    house.admin.post("/price-lists", &json!({"name": "Day", "prices": all})).await.created();
    let choices = json!([{"dish_variation_id": house.borscht_portion}]);
    let parts = json!({"parts": [{"name": "First", "choices": choices}]});
    house.admin.put(&format!("/combos/{}", house.pizza), &parts).await.ok();
    let Some(page) = page(&house.app.anonymous(), "/menu?lang=en", &[]).await else { return };
    let text = page.text();
    let price = "300\u{a0}₽ <span class=\"from\">instead of <s>350\u{a0}₽</s></span>";
    assert!(text.contains(price), "{text}");
    assert!(text.contains("\"combo\":[]") && !text.contains("First"), "{text}");
}
