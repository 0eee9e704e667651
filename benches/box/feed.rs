//! From the POST of an order to its event on every one of many screens.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio_tungstenite::connect_async;

use crate::http::{Connection, find};
use crate::load::{Orders, Script};
use crate::server::Restaurant;

const SCREENS: usize = 50;
const ORDERS_A_SECOND: u32 = 20;
const SECONDS: u32 = 15;

/// All delays in ms, sorted: one for each order and screen.
pub async fn delays(port: u16, restaurant: &Restaurant) -> Vec<f64> {
    let sent = Rc::new(RefCell::new(Vec::<Instant>::new()));
    let delays = Rc::new(RefCell::new(Vec::<f64>::new()));
    let orders = (ORDERS_A_SECOND * SECONDS) as usize;
    let mut screens = Vec::new();
    for _ in 0..SCREENS {
        let address = format!("ws://127.0.0.1:{port}/ws/orders?token={}", restaurant.token);
        let (mut socket, _) = connect_async(address).await.unwrap();
        // The greeting: from here on it hears everything.
        socket.next().await.unwrap().unwrap();
        let (sent, delays) = (Rc::clone(&sent), Rc::clone(&delays));
        screens.push(tokio::task::spawn_local(async move {
            let mut heard = 0;
            while heard < orders {
                let message = socket.next().await.unwrap().unwrap().into_data();
                if find(&message[..message.len().min(64)], b"\"order_created\"").is_some() {
                    let delay = sent.borrow()[heard].elapsed();
                    delays.borrow_mut().push(delay.as_secs_f64() * 1000.0);
                    heard += 1;
                }
            }
        }));
    }
    let mut script = Orders::new(restaurant, 1);
    let mut connection = Connection::open(port).await.unwrap();
    let mut tick = tokio::time::interval(Duration::from_secs(1) / ORDERS_A_SECOND);
    for _ in 0..orders {
        tick.tick().await;
        sent.borrow_mut().push(Instant::now());
        let reply = connection.exchange(script.next()).await.unwrap();
        assert_eq!(reply.status, 201);
    }
    for screen in screens {
        screen.await.unwrap();
    }
    let mut delays = delays.take();
    delays.sort_by(f64::total_cmp);
    assert_eq!(delays.len(), orders * SCREENS);
    delays
}
