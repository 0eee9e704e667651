//! Options, combos, price lists, periods, outside ids and barcodes as files: in, again, and out.

use qres::features::import::{self, Import, Sheet, Template};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::import::{csv_in, demo_without_staff, exported, json_in, take_in, totals};

const SHEETS: [Sheet; 5] =
    [Sheet::Menu, Sheet::Options, Sheet::Combos, Sheet::Prices, Sheet::Periods];

/// What is sold by the clock, and by the bottle.
fn evening() -> Value {
    json!({
        "categories": [{"name": "Bottles", "dishes": [{
            "name": "Water", "department": "bar", "external_id": "shop-1", "course": 2,
            "variations": [{"name": "Small", "price": "100", "external_id": "shop-1-s",
                            "barcodes": ["4006381333931", "036000291452"]},
                           {"name": "Large", "price": "180"}]}]}],
        "modifier_groups": [{"name": "Glass", "options": [
            {"name": "Tall", "image_url": "/uploads/0123456789abcdef0123456789abcdef-960.jpg"},
            {"name": "Small"}]}],
        "periods": [{"name": "Evening", "weekdays": [5, 6], "time_from": "22:00",
                     "time_to": "02:00", "date_from": "2026-12-01"}],
        "menu_times": [
            {"category": "Bottles", "times": [{"period": "Evening"}, {"channel": "TAKEAWAY"}]},
            {"category": "Bottles", "dish": "Water", "times": [{"period": "Evening", "channel": "DINE_IN"}]}],
        "price_lists": [{"name": "Night", "period": "Evening", "channel": "DINE_IN",
            "round_to": "5", "priority": 3, "prices": [
                {"percent": "-20"},
                {"category": "Bottles", "minus": "10"},
                {"category": "Bottles", "dish": "Water", "variation": "Large", "price": "150"}]}],
    })
}

async fn furnished() -> TestApp {
    let test = TestApp::start().await;
    take_in(&test.app, demo_without_staff(), false).await.unwrap();
    json_in(&test.app, &evening()).await.unwrap();
    test
}

#[tokio::test]
async fn a_whole_restaurant_moves_to_another_box() {
    let old = furnished().await;
    let file = exported(&old.app).await;
    for word in
        ["Половины", "Бизнес-ланч", "Night", "Evening", "shop-1-s", "0036000291452", "cdef-960.jpg"]
    {
        assert!(file.contains(word), "{word}");
    }
    let again = json_in(&old.app, &serde_json::from_str(&file).unwrap()).await.unwrap();
    let counts = totals(&again);
    assert_eq!((counts.created, counts.updated), (0, 0), "{:?}", again.changes);
    let mut moved: Value = serde_json::from_str(&file).unwrap();
    // People have no passwords in a file, and are here already.
    moved.as_object_mut().unwrap().remove("staff");
    drop(old);
    let new = TestApp::start().await;
    let report = json_in(&new.app, &moved).await.unwrap();
    assert_eq!(report.counts["combos"].created, 1);
    assert_eq!(report.counts["modifier_groups"].created, 7);
    let arrived: Value = serde_json::from_str(&exported(&new.app).await).unwrap();
    for part in [
        "ingredients",
        "modifier_groups",
        "categories",
        "combos",
        "periods",
        "menu_times",
        "price_lists",
    ] {
        assert_eq!(arrived[part], moved[part], "{part}");
    }
}

#[tokio::test]
async fn each_sheet_goes_out_and_back_as_csv_and_as_a_workbook() {
    let test = furnished().await;
    let content = test.app.store.read(import::export).await.unwrap();
    for sheet in SHEETS {
        for is_workbook in [false, true] {
            let bytes = import::write_sheet(&content, sheet, is_workbook).unwrap();
            let file = import::read(&bytes).unwrap();
            let report = take_in(&test.app, file, false).await.unwrap();
            let counts = totals(&report);
            let told = format!("{sheet:?}, workbook: {is_workbook}: {report:?}");
            assert_eq!((counts.created, counts.updated), (0, 0), "{told}");
            assert!(counts.unchanged > 0, "{told}");
        }
    }
}

#[tokio::test]
async fn each_template_is_taken_in_one_after_another_in_both_languages() {
    for language in [Template::Ru, Template::En] {
        let test = TestApp::start().await;
        for sheet in [Sheet::Menu, Sheet::Options, Sheet::Combos, Sheet::Periods, Sheet::Prices] {
            // Who fills the menu names the combo there too.
            if sheet == Sheet::Combos {
                let lunch = match language {
                    Template::Ru => "Раздел;Блюдо;Цена;Цех\nСупы;Бизнес-ланч;300;горячий\n",
                    Template::En => {
                        "category,dish,price,department\nSoups,Business lunch,300,hot\n"
                    }
                };
                csv_in(&test.app, lunch).await.unwrap();
            }
            for format in [import::Format::Csv, import::Format::Xlsx] {
                let bytes = import::template(sheet, language, format).unwrap();
                let file = import::read(&bytes).unwrap_or_else(|why| panic!("{sheet:?}: {why:?}"));
                let report = take_in(&test.app, file, false).await;
                let report = report.unwrap_or_else(|why| panic!("{sheet:?}: {why:?}"));
                let is_first = format == import::Format::Csv;
                assert_eq!(totals(&report).created > 0, is_first, "{sheet:?}: {report:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let test = furnished().await;
    let before = exported(&test.app).await;
    let sheet = "Группа добавок;Добавка;Доплата;На кухне;Аллергены\n\
                 Молоко;Овсяное;75;ОВС;\nМолоко;Гречневое;80;ГРЕ;орехи\n";
    let file = import::read_csv(sheet.as_bytes()).unwrap();
    let report = Import::new(file).dry_run(&test.app.store).await.unwrap();
    assert_eq!((report.counts["options"].created, report.counts["options"].updated), (1, 1));
    let dearer = report.changes.iter().find(|change| change.name.contains("Овсяное")).unwrap();
    let price = dearer.fields.iter().find(|field| field.field == "price").unwrap();
    assert_eq!(
        (price.from.as_deref(), price.to.as_deref()),
        (Some("60.00"), Some("75.00")),
        "{dearer:?}"
    );
    assert_eq!(exported(&test.app).await, before);
}

#[tokio::test]
async fn what_a_file_names_wrongly_is_told_by_its_line() {
    let test = furnished().await;
    for (sheet, says) in [
        ("group,option,price,nested_group\nMilk,Oat,60,Nothing\n", "line 2, nested_group"),
        ("group,option,price,min,max\nMilk,Oat,60,3,1\n", "line 2, min"),
        ("group,option,price,dishes\nMilk,Oat,60,No such dish\n", "line 2, dishes"),
        ("combo,part,dish\nБизнес-ланч,Суп,No such dish\n", "line 2, dish"),
        ("combo,part,dish\nNo such combo,Суп,Борщ\n", "line 2, combo"),
        ("price_list,period,percent\nHappy,No such period,-10\n", "line 2, period"),
        ("price_list,price,percent\nHappy,100,-10\n", "line 2, price"),
        ("price_list,percent\nHappy,-200\n", "line 2, percent"),
        ("period,weekdays,time_from,time_to\nX,noday,10:00,11:00\n", "line 2, weekdays"),
        ("period,weekdays,time_from,time_to\nX,1-5,25:00,11:00\n", "line 2, time_from"),
        (
            "category,dish,price,department,barcodes\nBar,Cola,9,bar,4006381333932\n",
            "line 2, barcodes",
        ),
        (
            "category,dish,price,department,barcodes\nBar,Cola,9,bar,4006381333931\n",
            "line 2, barcodes",
        ),
        (
            "category,dish,price,department,external_id\nBar,Cola,9,bar,shop-1-s\n",
            "line 2, external_id",
        ),
    ] {
        let before = exported(&test.app).await;
        let error = csv_in(&test.app, sheet).await.unwrap_err();
        let fields: Vec<_> = error.problem().errors.iter().map(|e| e.field.clone()).collect();
        assert_eq!(error.status(), 422, "{sheet}: {error:?}");
        assert!(fields.iter().any(|field| field == says), "{sheet}: {fields:?}");
        assert_eq!(exported(&test.app).await, before, "{sheet}");
    }
}

#[tokio::test]
async fn an_outside_id_finds_its_thing_again_whatever_it_is_called() {
    let test = furnished().await;
    let renamed = json!({"categories": [{"name": "Drinks", "dishes": [{
        "name": "Still water", "external_id": "shop-1", "department": "bar",
        "variations": [{"name": "0.5 l", "price": "110", "external_id": "shop-1-s"}]}]}]});
    let report = json_in(&test.app, &renamed).await.unwrap();
    assert_eq!((report.counts["dishes"].created, report.counts["dishes"].updated), (0, 1));
    assert_eq!((report.counts["variations"].created, report.counts["variations"].updated), (0, 1));
}

/// What head office publishes is the whole menu, and says nothing of what it does not know of.
#[tokio::test]
async fn a_published_menu_carries_options_combos_and_price_lists() {
    let test = furnished().await;
    let publish = |file: Value| {
        let content = import::read_json(file.to_string().as_bytes()).unwrap();
        Import::new(content).as_whole_menu()
    };
    let run = async |import: Import| {
        let app = &test.app;
        import.run(&app.store, &app.auth.hasher, app.hub.stopping.clone()).await.unwrap()
    };
    let mut whole: Value = serde_json::from_str(&exported(&test.app).await).unwrap();
    let kept = ["ingredients", "modifier_groups", "categories", "combos", "periods", "price_lists"];
    whole.as_object_mut().unwrap().retain(|name, _| kept.contains(&name.as_str()));
    let report = run(publish(whole.clone())).await;
    assert_eq!(totals(&report).removed, 0, "{report:?}");

    let list = |value: &mut Value, name: &str| value[name].as_array_mut().unwrap().clone();
    let groups = list(&mut whole, "modifier_groups");
    let halves = |group: &Value| group["name"] != "Половины";
    whole["modifier_groups"] = groups.into_iter().filter(halves).collect();
    for category in whole["categories"].as_array_mut().unwrap() {
        for dish in category["dishes"].as_array_mut().unwrap() {
            if let Some(links) = dish["modifier_groups"].as_array_mut() {
                links.retain(|link| link["group"] != "Половины");
            }
        }
    }
    let report = run(publish(whole.clone())).await;
    assert_eq!(report.counts["modifier_groups"].removed, 1, "{report:?}");

    // A version from before there were options leaves them alone.
    for name in ["modifier_groups", "combos", "periods", "price_lists"] {
        whole.as_object_mut().unwrap().remove(name);
    }
    for category in whole["categories"].as_array_mut().unwrap() {
        for dish in category["dishes"].as_array_mut().unwrap() {
            dish.as_object_mut().unwrap().remove("modifier_groups");
        }
    }
    let report = run(publish(whole)).await;
    assert_eq!(totals(&report).removed, 0, "{report:?}");
    assert!(exported(&test.app).await.contains("Бизнес-ланч"));
}

/// A combo of a drink before and a drink after: two parts of one name stay two.
#[tokio::test]
async fn parts_of_one_name_go_out_and_back() {
    let test = furnished().await;
    let mut file: Value = serde_json::from_str(&exported(&test.app).await).unwrap();
    let combo = &mut file["combos"][0];
    let again = combo["parts"][0].clone();
    combo["parts"].as_array_mut().unwrap().push(again);
    let combos = json!({"combos": [combo.clone()]});
    json_in(&test.app, &combos).await.unwrap();
    let before = exported(&test.app).await;
    let content = test.app.store.read(import::export).await.unwrap();
    for is_workbook in [false, true] {
        let bytes = import::write_sheet(&content, Sheet::Combos, is_workbook).unwrap();
        let report = take_in(&test.app, import::read(&bytes).unwrap(), false).await.unwrap();
        let counts = totals(&report);
        assert_eq!((counts.created, counts.updated), (0, 0), "{:?}", report.changes);
        assert_eq!(exported(&test.app).await, before);
    }
}
