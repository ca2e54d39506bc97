//! The files of the API are the tables of the command line, cell by cell.

use samband_exchange::export::{Csv, Language, to_csv, to_xlsx};
use samband_web::tables;
use samband_web::text::Words;

use crate::house::{House, get, with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_regions_go_out_as_the_one_table_with_whole_fractions() {
    let house = House::demo().await;
    for region in ["blekinge", "halland", "kronoberg", "skane"] {
        house.take_figures(region).await;
    }
    let token = house.token("secretary@skane").await;
    let ask = async |path: &str| {
        let request = with(get(path), "authorization", &format!("Bearer {token}"));
        house.send(with(request, "accept-language", "en")).await.text
    };
    let (world, words) = (house.engine.world(), Words::en());
    let table = tables::regions(words, &world, "2024".parse().unwrap());
    let csv = ask("/api/v1/regions?format=csv").await;
    assert_eq!(csv.as_bytes(), to_csv(&table, Csv::FOR_PROGRAMS));
    let book = to_xlsx(&table, Language::English, house.engine.now()).unwrap();
    assert_eq!(ask("/api/v1/regions?format=xlsx").await, String::from_utf8_lossy(&book));
    // 5 % of 840 163 is 42 008.15, less the 22 103 who give: nothing is rounded away.
    let skane = csv.lines().find(|line| line.starts_with("skane,")).unwrap();
    let cells: Vec<_> = skane.split(',').collect();
    assert_eq!(
        cells[..12],
        [
            "skane",
            "Region Skåne",
            "2024",
            "1428626",
            "840163",
            "22103",
            "43870",
            "0.015472",
            "0.026308",
            "1.984798",
            "30.707827",
            "19905.15",
        ]
    );
    assert!(csv.lines().last().unwrap().starts_with("total,"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn actors_go_out_by_title_and_neighbours_without_where_they_are_reached() {
    let house = House::demo().await;
    let token = house.token("administrator@skane").await;
    crate::watch::trust_dalarna(&house, &token).await;
    let actors = house.ask(&token, "/api/v1/actors?format=csv&region=halland").await.text;
    assert!(actors.starts_with("region,actor,profession,title,since\r\nhalland,"), "{actors}");
    assert!(actors.contains("Titel tib") && !actors.contains("Namn "), "{actors}");
    assert!(!actors.contains("skane,"), "only the region asked for");
    let peers = house.ask(&token, "/api/v1/peers?format=csv").await.text;
    let heading = "journal,name,mode,key,as_of,head,silent,fork,lost\r\ndalarna,";
    assert!(peers.starts_with(heading), "{peers}");
    assert!(!peers.contains("https://"), "{peers}");
    for path in ["actors", "peers"] {
        let book = house.ask(&token, &format!("/api/v1/{path}?format=xlsx")).await;
        assert!(book.text.starts_with("PK"), "{path} is a workbook");
        let words = house.ask(&token, &format!("/api/v1/{path}?format=csv&headings=words")).await;
        assert!(!words.text.contains("column-") && words.text.contains(';'), "{}", words.text);
        let json = house.ask(&token, &format!("/api/v1/{path}?format=json")).await.json();
        assert!(!json.as_array().unwrap().is_empty(), "{path}");
    }
}

/// What the description says of each operation that is read: its path and whether it names a form.
fn read_operations() -> Vec<(String, bool)> {
    let described = serde_json::to_value(samband_web::api::description()).unwrap();
    let paths = described["paths"].as_object().unwrap().iter();
    let read = paths.filter_map(|(path, item)| {
        let get = item.get("get")?;
        let named = get["parameters"].as_array().into_iter().flatten();
        Some((path.clone(), named.into_iter().any(|one| one["name"] == "format")))
    });
    read.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_for_a_file_gets_a_file_or_hears_why_not() {
    let house = House::demo().await;
    let token = house.token("coordinator@skane").await;
    let (mut files, mut refused) = (0, 0);
    for (path, names_form) in read_operations() {
        let asked = path
            .replace("{region}", "skane")
            .replace("{year}", "2024")
            .replace("{din}", "A999026000001S")
            .replace(['{', '}'], "");
        if path == "/api/v1/events" {
            continue;
        }
        let answer = house.ask(&token, &format!("{asked}?format=csv")).await;
        let kind = answer.header("content-type").to_owned();
        let code = answer.status.as_u16();
        assert_ne!(kind, "application/json", "{path} answers a file with JSON");
        if code == 200 {
            assert!(kind.starts_with("text/csv"), "{path}: {kind}");
            assert!(names_form, "{path} does not describe its form");
            files += 1;
        } else if !names_form {
            let told = answer.json()["code"].as_str().unwrap_or_default().to_owned();
            let why = ["export.private", "export.no_table"].contains(&&*told);
            assert!(why && (code == 403 || code == 406), "{path}: {code} {told}");
            refused += 1;
        }
    }
    assert!(files >= 15 && refused >= 10, "{files} files, {refused} refused");
    for (path, code) in [
        ("/api/v1/shipments?format=pdf", "web.malformed"),
        ("/api/v1/donors?number=1&format=csv", "export.private"),
        ("/api/v1/journal/skane?format=xlsx", "export.no_table"),
    ] {
        assert_eq!(house.ask(&token, path).await.json()["code"], code, "{path}");
    }
    let administrator = house.token("administrator@skane").await;
    let accounts = house.ask(&administrator, "/api/v1/accounts?format=csv").await.text;
    assert!(accounts.starts_with("user,region,actor,roles,"), "{accounts}");
    assert!(accounts.contains("tib@skane,skane,"), "{accounts}");
    let book = house.ask(&administrator, "/api/v1/accounts?format=xlsx").await;
    assert!(book.text.starts_with("PK"), "a workbook");
    let json = house.ask(&administrator, "/api/v1/accounts?format=json").await.json();
    assert!(json.as_array().is_some_and(|all| !all.is_empty()));
}
