//! What is done with money beside the checks: at the drawer, and with an account.

use serde_json::json;

use super::{Deed, Dice, Evening};

impl Evening {
    /// Money for the account, or back from it.
    pub(super) async fn at_the_account(&self, dice: &mut Dice) -> reqwest::Result<Deed> {
        let path = format!("/house-accounts/{}", self.account);
        let balance = self.look(&path).await?.ok()["balance"].clone();
        let (step, most) = [("pay-in", 4000), ("give-back", 300)][dice.throw(2)];
        let amount = format!("{}.{:02}", dice.throw(most), dice.throw(100));
        let method = [self.cash, self.card][dice.throw(2)];
        let mut body = json!({"amount": amount, "method_id": method, "expected_balance": balance});
        if step == "give-back" {
            (body["reason"], body["way_reason"]) = (json!("x"), json!("y"));
        }
        Ok(Deed::post(format!("{path}/{step}"), body).of_the_admin())
    }

    /// A shift is opened; or cash goes in or out, which may be taken back; or it is counted and closed.
    pub(super) async fn at_the_desk(&self, dice: &mut Dice) -> reqwest::Result<Deed> {
        let desk = self.look("/cash/desk").await?.ok();
        if desk["shift"].is_null() {
            let float = json!(format!("{}.00", dice.throw(5000)));
            let body = json!({"drawer_id": desk["drawer"]["id"], "float": float});
            return Ok(Deed::post("/cash/shifts".into(), body).of_the_admin());
        }
        let path = format!("/cash/shifts/{}", desk["shift"]["id"]);
        let x = self.look(&format!("{path}/x")).await?;
        // It may be closed since.
        if x.status != 200 || dice.throw(3) > 0 {
            let kind = ["PAY_IN", "PAY_OUT", "DROP", "TIPS_OUT"][dice.throw(4)];
            let amount = format!("{}.{:02}", 1 + dice.throw(900), dice.throw(100));
            let body = json!({"kind": kind, "amount": amount, "reason": "x"});
            return Ok(Deed::post(format!("{path}/moves"), body).of_the_admin());
        }
        let x = x.ok();
        let moves = x["moves"].as_array().unwrap();
        if let Some(last) = moves.last().filter(|_| dice.throw(2) == 0) {
            let body = json!({"undoes": last["id"], "reason": "x"});
            return Ok(Deed::post(format!("{path}/moves"), body).of_the_admin());
        }
        let expected = x["expected"].as_str().unwrap();
        let is_right = !expected.starts_with('-') && dice.throw(3) > 0;
        let counted = if is_right { expected } else { "1234.56" };
        let body = json!({"counted": counted, "reason": "x"});
        Ok(Deed::post(format!("{path}/close"), body).of_the_admin())
    }
}
