//! The pages that the program holds; a build without them serves its API all the same.

use reqwest::Method;

use crate::harness::TestApp;

#[tokio::test]
async fn pages_are_there_or_say_why_not() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in [
        "/",
        "/menu",
        "/menu/a-code",
        "/menu?table=a-code",
        "/app/waiter",
        "/app/kitchen/",
        "/docs",
    ] {
        let page = nobody.get(path).await;
        let kind = page.headers["content-type"].to_str().unwrap().to_owned();
        assert!(page.headers.contains_key("content-security-policy"), "{path}");
        if page.status == 503 {
            assert!(page.text().contains("make web"), "{path}: {}", page.text());
            continue;
        }
        assert_eq!((page.status.as_u16(), kind.as_str()), (200, "text/html; charset=utf-8"));
        let etag = page.headers["etag"].to_str().unwrap();
        let again = nobody.request(Method::GET, path).header("if-none-match", etag);
        assert_eq!(nobody.send(again).await.status, 304, "{path}");
    }
    nobody.get("/health").await.ok();
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in ["/nothing", "/assets/nothing.js", "/menu/a/b", "/app/cellar", "/../Cargo.toml"] {
        nobody.get(path).await.refused(404, "no_such_page");
    }
    let post = nobody.request(Method::POST, "/app/waiter");
    nobody.send(post).await.refused(404, "no_such_page");
}
