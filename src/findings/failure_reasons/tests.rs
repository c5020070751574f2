use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

fn family(text: &str) -> Option<String> {
    classify_message(text).map(FailureReason::name)
}

#[test]
fn every_example_belongs_to_its_own_family() {
    assert!(all().len() > 10 && MESSAGES.len() > 50);
    for reason in all() {
        assert_eq!(classify(&reason.example).map(FailureReason::name), Some(reason.name()), "{}", reason.example);
    }
    for message in messages() {
        assert_eq!(family(&message.example), Some(message.name()), "{}", message.example);
        assert_eq!(family(&message.name()), Some(message.name()));
        // A short one may be all that somebody has, which is a family of its own.
        for pieces in &message.also {
            let found = classify_message(&pieces.join(" "));
            assert!(found.is_some_and(|found| found.alone || found.name() == message.name()), "{pieces:?}");
        }
    }
}

#[test]
fn every_family_says_what_it_means_and_what_to_do() {
    for message in messages() {
        assert!(message.means.ends_with('.'), "{}", message.means);
        assert!(message.advice.len() > 10, "{}", message.name());
        // What a fix says goes on after it.
        for text in [&message.means, &message.advice] {
            assert!(!text.contains(['\n', '`']) && text.trim() == text, "{text}");
        }
        // An advice that takes a guard away says so.
        let detaches = message.advice.contains("detach-policy") || message.advice.contains("delete-");
        assert!(!detaches, "{}", message.advice);
    }
}

#[test]
fn knows_what_people_paste() {
    let pasted = "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access";
    assert!(classify_message(pasted).is_some_and(|reason| reason.advice.contains("sso_role_name")));
    assert!(classify_message("hello").is_none() && classify_message("").is_none());
    for (text, name) in [
        ("invalid_grant", "InvalidGrantException"),
        (r#"{"error":"invalid_grant","error_description":"Invalid grant provided"}"#, "InvalidGrantException"),
        ("StartDeviceAuthorization, https response error StatusCode: 400", "StartDeviceAuthorization"),
        (
            r#"{"message":"No access","__type":"com.amazonaws.switchboard.portal#ForbiddenException"}"#,
            "ForbiddenException GetRoleCredentials",
        ),
        ("Error: No access.", "No access"),
        ("ACCESS DENIED", "Access denied"),
        ("403 Forbidden", "Access denied"),
        ("The PackedPolicyTooLarge error", "PackedPolicyTooLarge"),
        ("Error Code: RegionDisabledException", "RegionDisabled"),
        (
            "with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/a",
            "explicit deny in an identity-based policy",
        ),
        (
            "is not authorized to perform: s3:GetObject because no identity‑based policy allows it",
            "no identity-based policy allows",
        ),
        (
            "User: a is not authorized to perform: kms:Decrypt with an explicit deny in a service control policy",
            "not authorized to perform kms:",
        ),
        (
            "profile \"piyo\" is configured to use SSO but is missing required configuration: sso_region",
            "is missing required configuration",
        ),
    ] {
        assert_eq!(family(text).as_deref(), Some(name), "{text}");
    }
}

#[test]
fn a_reason_inside_comes_before_what_is_around_it() {
    let terraform = "Error: waiting for SSO Account Assignment for GROUP (x) create: unexpected state 'FAILED', wanted target \
                     'SUCCEEDED'. last error: ";
    let cloudformation = "Error occurred during operation 'Request 1 failed due to: ";
    for reason in all().iter().filter(|reason| !reason.pattern[0].starts_with("Error occurred")) {
        for around in [terraform, cloudformation] {
            assert_eq!(family(&format!("{around}{}", reason.example)), Some(reason.name()));
        }
    }
    let saml = "is not authorized to perform: iam:UpdateSAMLProvider on resource: arn:aws:iam::111122223333:saml-provider/x \
                because no identity-based policy allows the iam:UpdateSAMLProvider action";
    assert_eq!(family(saml).as_deref(), Some("not authorized to perform SAMLProvider"));
}

#[test]
fn a_denial_of_the_person_is_none_of_identity_centers_requests() {
    let denied = "User: arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Viewer_0123456789abcdef/jane.doe is not authorized to \
                  perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ because no identity-based policy allows the \
                  iam:ListUsers action";
    assert_eq!(family(denied).as_deref(), Some("no identity-based policy allows"));
    assert!(classify(denied).is_none());
    assert!(classify("Access denied").is_none() && classify("no access").is_none());
}

#[test]
fn short_words_count_only_where_they_are_all_there_is() {
    assert!(classify_message("there is no access road").is_none());
    assert!(classify_message("forbidden fruit").is_none());
    assert_eq!(
        family("An error occurred (AccessDenied) when calling X: Access Denied").as_deref(),
        Some("AccessDenied operation")
    );
}

#[test]
fn quotes_what_it_does_not_know() {
    assert_eq!(explained(Some("The moon is in the seventh house")), "AWS says: The moon is in the seventh house.");
    let suspended = "Obtaining permissions to manage your AWS account '1' takes longer than usual. Please try again";
    assert!(explained(Some(suspended)).contains("does not help"), "{}", explained(Some(suspended)));
}

#[test]
fn a_reason_is_known_however_it_is_set() {
    let typographic = "Obtaining permissions to manage your AWS account ‘1’ is\u{a0}taking longer\nthan usual.";
    assert!(explained(Some(typographic)).contains("That means: Identity Center cannot get into the account"));
}

/// A text in lines of at most so many characters: broken between words, or anywhere as a terminal does.
fn wrapped(text: &str, width: usize, anywhere: bool) -> Vec<String> {
    if anywhere {
        let chars: Vec<char> = text.chars().collect();
        return chars.chunks(width).map(|line| line.iter().collect()).collect();
    }
    textwrap::wrap(text, width).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The frames that texts are shown in: what stands before a line, behind it, and above and below.
const FRAMES: [(&str, &str, &str); 9] = [
    ("", "", ""),
    ("│ ", " │", "┌──────┐"),
    ("┃", "┃", "┏━━━━━━┓"),
    ("║  ", "  ║", "╔══════╗"),
    ("| ", " |", "+------+"),
    ("> ", "", ""),
    ("> > ", "", ">"),
    ("│ │ ", "  │ │", "╭──────╮"),
    ("\u{1b}[31m│\u{1b}[0m ", "\u{1b}[K", "╷"),
];

fn framed(lines: &[String], frame: usize) -> String {
    let (before, behind, edge) = FRAMES[frame];
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let middle = lines.iter().map(|line| format!("{before}{line:width$}{behind}"));
    [edge.to_owned()].into_iter().chain(middle).chain([edge.to_owned()]).collect::<Vec<_>>().join("\n")
}

/// The same words with other typography.
fn set(text: &str, how: usize) -> String {
    let swap = |from: char, to: &'static str| text.replace(from, to);
    match how {
        0 => text.to_owned(),
        1 => swap('\'', "’").replace('"', "“").replace("...", "…"),
        2 => swap('\'', "′").replace(' ', "\u{a0}"),
        3 => text.to_uppercase(),
        4 => swap('\'', "‘").replace(' ', "\u{200b} "),
        5 => swap('-', "\u{2011}").to_lowercase(),
        6 => text.replace(' ', " \u{1b}[1m").replace('e', "\u{1b}[0;31me"),
        _ => text.replace('e', "e\u{200d}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, rng_seed: RngSeed::Fixed(20_261_122), ..ProptestConfig::default() })]

    #[test]
    fn a_text_is_known_in_any_frame(
        at in 0..1000usize, width in 4..120usize, anywhere: bool, frame in 0..FRAMES.len(), how in 0..8usize,
    ) {
        let families: Vec<_> = messages().collect();
        let known = families[at % families.len()];
        let lines: Vec<String> = wrapped(&known.example, width, anywhere).iter().map(|line| set(line, how)).collect();
        let text = framed(&lines, frame);
        prop_assert_eq!(family(&text), Some(known.name()), "{}", text);
    }
}
