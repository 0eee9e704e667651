//! A furnished house: a room with two tables, a short menu, two ways to pay.

use serde_json::{Value, json};

use super::{Client, TestApp};

/// A box with a house in it, and the people who work there.
pub struct House {
    pub app: TestApp,
    pub admin: Client,
    pub waiter: Client,
    pub kitchen: Client,
    pub tables: [i64; 2],
    pub table_codes: [String; 2],
    /// Borscht, one portion for 350.00, hot, 15 minutes.
    pub borscht: i64,
    pub borscht_portion: i64,
    /// Pizza, 25 cm for 450.00 (the default) and 30 cm for 650.50, bakery.
    pub pizza: i64,
    pub pizza_large: i64,
    pub cash: i64,
    pub card: i64,
}

pub fn id(thing: &Value) -> i64 {
    thing["id"].as_i64().expect("an id")
}

impl House {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut qres::platform::config::Settings)) -> Self {
        let app = TestApp::start_with(change).await;
        let (admin, waiter, kitchen) = (app.admin().await, app.waiter().await, app.kitchen().await);
        let room = id(&admin.post("/locations", &json!({"name": "Hall"})).await.created());
        let mut tables = Vec::new();
        for number in [1, 2] {
            let table = json!({"number": number, "seats": 4, "location_id": room});
            tables.push(admin.post("/tables", &table).await.created());
        }
        let category = id(&admin.post("/categories", &json!({"name": "Food"})).await.created());
        let borscht = json!({"name": "Borscht", "description": "Beetroot soup",
            "category_id": category, "cooking_time": 15});
        let borscht = id(&admin.post("/dishes", &borscht).await.created());
        let pizza = json!({"name": "Pizza", "description": "Margherita",
            "category_id": category, "department": "bakery"});
        let pizza = id(&admin.post("/dishes", &pizza).await.created());
        let mut variations = Vec::new();
        for (dish, name, price) in
            [(borscht, "Portion", "350.00"), (pizza, "25 cm", "450"), (pizza, "30 cm", "650.50")]
        {
            let variation = json!({"name": name, "price": price});
            let path = format!("/dishes/{dish}/variations");
            variations.push(id(&admin.post(&path, &variation).await.created()));
        }
        let mut methods = Vec::new();
        for name in ["Cash", "Card"] {
            let method = admin.post("/payment-methods", &json!({"name": name})).await;
            methods.push(id(&method.created()));
        }
        let code = |table: &Value| table["qr_code"].as_str().expect("a code").to_owned();
        Self {
            tables: [id(&tables[0]), id(&tables[1])],
            table_codes: [code(&tables[0]), code(&tables[1])],
            borscht,
            borscht_portion: variations[0],
            pizza,
            pizza_large: variations[2],
            cash: methods[0],
            card: methods[1],
            app,
            admin,
            waiter,
            kitchen,
        }
    }

    /// An order of one borscht at the first table.
    pub fn borscht_order(&self) -> Value {
        json!({"table_id": self.tables[0], "items": [{"dish_id": self.borscht, "quantity": 1}]})
    }

    /// The waiter places [`House::borscht_order`].
    pub async fn place(&self) -> Value {
        self.waiter.post("/orders/", &self.borscht_order()).await.created()
    }

    pub async fn order(&self, order_id: i64) -> Value {
        self.admin.get(&format!("/orders/{order_id}")).await.ok()
    }

    /// Moves a line on as `who`.
    pub async fn move_item(&self, who: &Client, item_id: i64, status: &str) -> super::Reply {
        let path = format!("/kitchen/items/{item_id}/status");
        who.patch(&path, &json!({"status": status})).await
    }

    pub async fn move_order(&self, who: &Client, order_id: i64, status: &str) -> super::Reply {
        who.patch(&format!("/orders/{order_id}/status"), &json!({"status": status})).await
    }

    /// A guest who scanned the code of one of the tables.
    pub async fn guest(&self, table: usize) -> Client {
        let body = json!({"qr_code": self.table_codes[table]});
        let session = self.app.anonymous().post("/guest/session", &body).await.created();
        Client::new(&self.app.base, session["token"].as_str())
    }
}
