use super::*;

fn plain(text: &str) -> String {
    Plain::of(text).0.into_iter().collect()
}

fn has(text: &str, piece: &str) -> bool {
    Plain::of(text).contains(&Plain::of(piece))
}

#[test]
fn a_line_break_is_a_space_or_nothing() {
    assert!(has("Session token\nnot found or invalid", "token not found"));
    assert!(has("Session tok\r\nen not found", "token not found"));
    assert!(has("Session token \n  not found", "token not found"));
    assert!(has("Session token\u{2028}not found", "token not found"));
    assert!(!has("Session token found", "token not found"));
    assert!(!has("Session tokennot found", "token not found"));
    assert!(!has("no access", ""));
}

#[test]
fn a_box_is_no_part_of_the_text() {
    for text in [
        "┌──────────┐\n│ Access   │\n│ denied   │\n└──────────┘",
        "┃Access  ┃\n┃denied  ┃",
        "╔════╗\n║ Acc ║\n║ ess ║\n║ den ║\n║ ied ║\n╚════╝",
        "+--------+\n| Access |\n| denied |\n+--------+",
        "╷\n│ Access\n│ denied\n╵",
        "> Access\n> denied",
        "> > │ Access │\n> > │ denied │",
        "Access │ denied",
    ] {
        assert!(has(text, "access denied"), "{text}: {:?}", plain(text));
    }
}

#[test]
fn typography_is_no_part_of_the_text() {
    assert_eq!(plain("It’s not “you”, it′s us…"), "its not you, its us...");
    assert_eq!(plain("It&#39;s"), plain("It's"));
    assert_eq!(plain("identity‑based\u{a0}policy"), "identity-based policy");
    assert_eq!(plain("Access\u{200b} \u{202f}Denied\u{fe0f}"), "access denied");
    assert!(has("unexpected state ‘FAILED’, wanted", "unexpected state 'FAILED'"));
    assert!(has(r#"{"message":"It\u0027s not\nyou"}"#, "It's not you"));
}

#[test]
fn colours_are_no_part_of_the_text() {
    assert_eq!(plain("\u{1b}[31mAccess\u{1b}[0m denied"), "access denied");
    assert_eq!(plain("\u{1b}[38;2;1;2;3mAcc\u{1b}[1mess\u{1b}[m"), "access");
    assert_eq!(plain("[1;31mAccess[0m denied [m] [message] [404]"), "access denied [m] [message] [404]");
    assert_eq!(plain("\u{1b}]8;;https://example.com\u{1b}\\Access\u{1b}]8;;\u{7} denied"), "access denied");
    assert_eq!(plain("\u{9b}1mAccess\u{1b}(B denied"), "accessb denied");
    assert_eq!(plain("Access\u{1b}"), "access");
}

#[test]
fn letters_and_words() {
    assert_eq!(Plain::of(" Access-denied. ").letters(), "accessdenied");
    assert_eq!(Plain::of("iam:GetRole, 403").words().collect::<Vec<_>>(), ["iam", "getrole", "403"]);
    assert_eq!(plain("\u{feff}"), "");
}
