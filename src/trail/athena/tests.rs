use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::sample::{MANAGEMENT, TARGET, sought};
use super::super::{Sought, corpus};
use super::*;

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A table as AWS's documentation has it, with these partition keys and parameters.
fn table(partitions: &[(&str, &str)], parameters: &[(&str, &str)]) -> Table {
    Table {
        partitions: map(partitions),
        parameters: map(parameters),
        location: Some("s3://trail/AWSLogs/o-abc/".to_owned()),
        is_described: true,
        ..Table::documented()
    }
}

fn sql(sought: &Sought, table: &Table) -> String {
    statement(sought, "logs", "trail", table).sql
}

/// The conditions before those of the branches.
fn frame(table: &Table) -> String {
    let sql = sql(&sought(), table);
    let (_, frame) = sql.split_once("WHERE ").unwrap();
    frame.split_once("\n  AND eventtime BETWEEN").unwrap_or(("", "")).0.replace('\n', "")
}

#[test]
fn the_statement_for_the_documented_table() {
    let table = table(
        &[("timestamp", "string")],
        &[
            ("projection.enabled", "true"),
            ("projection.timestamp.type", "date"),
            ("projection.timestamp.format", "yyyy/MM/dd"),
        ],
    );
    insta::assert_snapshot!(sql(&sought(), &table));
    assert_eq!(statement(&sought(), "logs", "trail", &table).left_out, Vec::<String>::new());
}

#[test]
fn partitions_are_named_as_the_table_has_them() {
    let enums = table(
        &[("account", "string"), ("region", "string"), ("date", "string")],
        &[("projection.date.type", "date"), ("projection.date.format", "yyyy-MM-dd")],
    );
    insta::assert_snapshot!(frame(&enums), @r#""account" IN ('111122223333', '123456789012', '222233334444')  AND "date" BETWEEN '2026-11-13' AND '2026-11-20'  AND "region" IN ('eu-west-1', 'us-east-1')"#);
    let numbers = table(&[("account_id", "bigint"), ("dt", "date")], &[]);
    insta::assert_snapshot!(frame(&numbers), @r#""account_id" IN (111122223333, 123456789012, 222233334444)  AND "dt" BETWEEN DATE '2026-11-13' AND DATE '2026-11-20'"#);
    let hours = table(&[("datehour", "string")], &[("projection.datehour.format", "yyyy/MM/dd/HH")]);
    insta::assert_snapshot!(frame(&hours), @r#""datehour" BETWEEN '2026/11/13/00' AND '2026/11/21/00'"#);
}

#[test]
fn days_in_keys_of_their_own_are_spelt_out() {
    let mut sought = sought();
    sought.window.since = "2026-10-30T00:00:00Z".parse().unwrap();
    sought.window.until = "2026-11-02T12:00:00Z".parse().unwrap();
    let frame = |kind| {
        let sql = sql(&sought, &table(&[("year", kind), ("month", kind), ("day", kind)], &[]));
        sql.split_once("WHERE ").unwrap().1.split_once("\n  AND eventtime").unwrap().0.to_owned()
    };
    insta::assert_snapshot!(frame("string"), @r#"(("year" IN ('2026') AND "month" IN ('10') AND "day" IN ('30', '31')) OR ("year" IN ('2026') AND "month" IN ('11') AND "day" IN ('01', '1', '02', '2')))"#);
    insta::assert_snapshot!(frame("int"), @r#"(("year" IN (2026) AND "month" IN (10) AND "day" IN (30, 31)) OR ("year" IN (2026) AND "month" IN (11) AND "day" IN (1, 2)))"#);
}

#[test]
fn a_key_that_wants_values_gets_them_or_the_table_is_refused() {
    let wants = |key| {
        let parameter = format!("projection.{key}.type");
        table(&[(key, "string")], &[(&parameter, "injected")])
    };
    assert!(frame(&wants("region")).contains("\"region\" IN ('eu-west-1', 'us-east-1')"));
    assert!(frame(&wants("day")).contains("\"day\" IN ('2026/11/13', '2026/11/14'"));
    assert_eq!(wants("accountid").lacks(), None);
    let tenant = wants("tenant").lacks().unwrap();
    assert!(tenant.contains("tenant"), "{tenant}");
}

#[test]
fn a_table_without_a_day_is_scanned_whole_and_that_is_said() {
    let told = |table: &Table| statement(&sought(), "logs", "trail", table).left_out.join(" ");
    assert!(told(&table(&[("tenant", "string")], &[])).contains("all of it is scanned"));
    assert!(told(&table(&[("date", "string")], &[])).contains("all of it is scanned"), "the format is not known");
    let odd = table(&[("date", "string")], &[("projection.date.format", "dd.MM.yyyy")]);
    assert!(!frame(&odd).contains("date\""), "such days do not sort");
}

#[test]
fn an_older_table_is_asked_without_what_it_lacks() {
    let asked = statement(&sought(), "logs", "trail", &Table::older());
    assert!(!asked.sql.contains("onbehalfof") && !asked.sql.contains("GetRoleCredentials"), "{}", asked.sql);
    assert!(asked.sql.contains("AddMemberToGroup") && asked.left_out.join("").contains("onbehalfof"));
    let mut bare = Table::documented();
    bare.columns.remove("additionaleventdata");
    assert!(!sql(&sought(), &bare).contains("additionaleventdata"));
    bare.columns.remove("requestparameters");
    assert!(bare.lacks().unwrap().contains("requestparameters"));
    let ocsf = Table { columns: map(&[("api", "struct<operation:string>"), ("actor", "x")]), ..Table::default() };
    assert!(ocsf.lacks().unwrap().contains("Security Lake"));
}

#[test]
fn what_a_table_has_is_told_by_where_its_files_are() {
    let at = |location: &str| Table { location: Some(location.to_owned()), ..table(&[], &[]) };
    let one = at("s3://trail/AWSLogs/123456789012/CloudTrail/eu-west-1/");
    assert_eq!((one.only_account(), one.only_region()), (Some(TARGET), Some("eu-west-1")));
    assert!(one.may_have(TARGET) && !one.may_have(MANAGEMENT) && !one.may_have_region("us-east-1"));
    assert_eq!(at("s3://trail/AWSLogs/123456789012/").only_account(), Some(TARGET));
    for all in [
        "s3://trail/AWSLogs/",
        "s3://trail/AWSLogs/o-abc/",
        "s3://trail/p/AWSLogs/o-abc/${account}/CloudTrail/${region}/${date}",
    ] {
        assert_eq!((at(all).only_account(), at(all).only_region()), (None, None), "{all}");
    }
    let listed = table(
        &[("account", "string")],
        &[("projection.account.type", "enum"), ("projection.account.values", "111122223333, 222233334444")],
    );
    assert!(listed.names(MANAGEMENT) && !listed.may_have(TARGET));
}

#[test]
fn hostile_names_stay_within_their_quotes() {
    for hostile in ["o'brien", "' OR 1=1 --", "50%_a", "a\\", "\"; x", "ä", "a\nb"] {
        let mut sought = sought();
        sought.user_name = Some(hostile.to_owned());
        sought.policies = [hostile.to_owned()].into();
        sought.regions = [hostile.to_owned()].into();
        let statement = statement(&sought, "a\"b", "c\"; DROP TABLE d --", &table(&[("region", "string")], &[])).sql;
        let outside: String = statement.split('\'').step_by(2).collect();
        assert!(statement.matches('\'').count().is_multiple_of(2), "{statement}");
        assert!(!outside.contains("1=1") && !outside.contains("brien"), "{hostile}: {statement}");
        assert!(outside.contains("FROM \"a\"\"b\".\"c\"\"; DROP TABLE d --\"\n"), "{statement}");
    }
}

/// What a table of this form would answer for a record: its columns, in order.
fn row(record: &Value) -> (Vec<String>, Vec<Option<String>>) {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let identity = &record["userIdentity"];
    let cells = [
        ("eventid", text(&record["eventID"])),
        ("sharedeventid", text(&record["sharedEventID"])),
        ("eventtime", text(&record["eventTime"])),
        ("eventsource", text(&record["eventSource"])),
        ("eventname", text(&record["eventName"])),
        ("awsregion", text(&record["awsRegion"])),
        ("recipientaccountid", text(&record["recipientAccountId"])),
        ("sourceipaddress", text(&record["sourceIPAddress"])),
        ("useragent", text(&record["userAgent"])),
        ("errorcode", text(&record["errorCode"])),
        ("errormessage", text(&record["errorMessage"])),
        ("requestid", text(&record["requestID"])),
        ("requestparameters", text(&record["requestParameters"])),
        ("responseelements", text(&record["responseElements"])),
        ("additionaleventdata", text(&record["additionalEventData"])),
        ("serviceeventdetails", text(&record["serviceEventDetails"])),
        ("sessioncredentialfromconsole", text(&record["sessionCredentialFromConsole"])),
        ("actor_type", text(&identity["type"])),
        ("actor_principal", text(&identity["principalId"])),
        ("actor_arn", text(&identity["arn"])),
        ("actor_account", text(&identity["accountId"])),
        ("actor_key", text(&identity["accessKeyId"])),
        ("actor_name", text(&identity["userName"])),
        ("invoked_by", text(&identity["invokedBy"])),
        ("role_name", text(&identity["sessionContext"]["sessionIssuer"]["userName"])),
        ("on_behalf_of", text(&identity["onBehalfOf"]["userId"])),
    ];
    cells.into_iter().map(|(name, cell)| (name.to_owned(), cell)).unzip()
}

#[test]
fn rows_make_the_same_changes_as_looking_them_up() {
    let (columns, rows): (Vec<_>, Vec<_>) = corpus::records().iter().map(row).unzip();
    let found = found(&columns[0], &rows, Some(10), &corpus::sought(), &table(&[], &[]));
    assert_eq!(corpus::changes(&found.records), corpus::expected());
    assert!(found.covers(MANAGEMENT) && found.covers(TARGET) && found.unread.is_empty());
}

#[test]
fn a_table_that_gives_nothing_at_all_covers_nobody() {
    let nothing = found(&[], &[], None, &sought(), &table(&[], &[]));
    assert_eq!((nothing.covers.as_slice(), nothing.read), (&[][..], 0));
    let one =
        Table { location: Some("s3://trail/AWSLogs/123456789012/CloudTrail/eu-west-1/".to_owned()), ..table(&[], &[]) };
    let nothing = found(&[], &[], None, &sought(), &one);
    assert_eq!(nothing.unread.len(), 2, "{nothing:?}");
}

#[test]
fn a_cell_is_read_whatever_is_in_it() {
    let columns = ["eventName", "requestParameters", "responseelements"].map(str::to_owned);
    let cells = [Some("X".to_owned()), Some("{broken".to_owned()), Some("null".to_owned())];
    let record = rows::of(&columns, &cells);
    assert_eq!(record["eventName"], "X");
    assert_eq!((&record["requestParameters"], &record["responseElements"]), (&json!("{broken"), &Value::Null));
    assert_eq!(rows::of(&columns, &[])["userIdentity"], json!({}));
}
