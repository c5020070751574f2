//! Free text: AWS's messages and idc's own reasons. What rules know a text by stays; a name that is replaced elsewhere is
//! replaced here too, even one that is an English word; of the rest, the words of known templates stay, since people read
//! them, and whatever else there is gives way to an ellipsis.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::dictionary::{Dictionary, is_hex_id};
use super::{known, text};
use crate::evidence::Call;
use crate::findings::failure_reasons;

/// What stands for words that are nobody's business.
const LEFT_OUT: &str = "…";

/// Words of AWS's messages and of idc's reasons, besides those of the texts in `docs/failure-reasons.json`.
const WORDS: &str = "\
    a about above access accounts action actions active address after again all allow allowed allows already also an and \
    another any application applications are argument as asked asking assertion assigned assignment assignments assume \
    assumed at attached attempt attribute attributes audience authentication authorization availability available aws \
    be because been before being both but by bytes call called caller calls can cannot cert certificate change closed \
    code common configured connect connection contact control conflict could created creation credential credentials \
    credits currently customer day days decrypt delegated delete deleted denied deny denies described describe did \
    different directory disabled do does don't done due each either empty enabled encrypted encryption endpoint entered \
    entity error errors every exceeded exception exist exists expected expired explicit failed failure federated find \
    first for format found from function get given gives granted group groups had handshake has have home host hour \
    hours how id identity identity-based idc if in inactive incorrect input instance instances interaction internal into \
    invalid is issue issuer it its itself just key kms later latest leads least limit list listed logged long looked \
    made malformed managed management many match maximum may member members mfa message milliseconds minute minutes \
    missing more must name named names needed needs network newer no none nor not number object of off old on once one \
    only operation or organization organizations other otherwise out own owner owns parameter partition password path \
    per perform permission permissions permitted please policies policy possible present principal process processed \
    provided provider provisioned question rate reached read receive received recorded refused region regions reply \
    request requested requests required resource resource-based resources response retry right role roles root running \
    same saml scp second seconds sent separately server service services session session-based set sets several signature \
    sign-in sign-ins signed since slow so some specified sso still succeeded success such support supported switched tag \
    tags take takes tag's target than that the their them then there they this those through throttled throttling time \
    timed timeout times to token too trust try type types unable unavailable under unexpected unit units unknown \
    unsupported until up use used user users uses valid value verified version via wait waiting was were what when where \
    whether which while who whom whose why will with within without word would wrong yet you your path's paths user's \
    answer bind chain changes close cloudtrail container depends \
    dispatch dns end environment eq event events form history holds http io known lacks matter meant ms nothing page pem profile \
    recording resolver run temporary text took twice \
    accept center cli column directory file here included larger line lists mib open os portal regular runs security \
    tell these visible work works writes expiredtoken incompletesignature invalidclienttokenid \
    missingauthenticationtoken signaturedoesnotmatch --me \
    --target-role --target-profile service_control_policy resource_control_policy aws-us-gov aws-cn";

/// Words without which there is no sentence. A name that has one is not told by it.
const SMALL: [&str; 22] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "no", "not", "of", "on", "or",
    "that", "the", "to", "with",
];

/// What rules look for in messages, besides the patterns of `docs/failure-reasons.json`.
const LOOKED_FOR: [&str; 15] = [
    "explicit deny",
    "identity-based policy",
    "invalid tag",
    "kms:Decrypt",
    "not activated in this region",
    "packed policy",
    "packed size",
    "provider does not exist",
    "provider doesn't exist",
    "recorded before idc asked this",
    "region is disabled",
    "resource control policy",
    "tag key",
    "tag value",
    "validate tags",
];

/// Every word that stays, in lower case.
static VOCABULARY: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let known = failure_reasons::all().iter().flat_map(|reason| reason.patterns().flatten().chain([&reason.example]));
    let known = known.flat_map(|text| text.split_whitespace()).map(|chunk| trimmed(chunk).1);
    let plain = known.filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\''));
    WORDS.split_whitespace().chain(plain).map(str::to_lowercase).collect()
});

/// What texts are known by, word by word in lower case.
static PHRASES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let patterns = failure_reasons::all().iter().flat_map(|reason| reason.patterns().flatten());
    let all = patterns.map(String::as_str).chain(LOOKED_FOR);
    all.map(|text| text.split_whitespace().map(|chunk| trimmed(chunk).1.to_lowercase()).collect()).collect()
});

/// Every word that may stay.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    VOCABULARY.iter().map(String::as_str).chain(Call::ALL.iter().filter_map(|call| call.action().split(':').nth(1)))
}

/// Replaces what is not part of a known template.
pub(super) fn replaced(dictionary: &mut Dictionary, text: &str) -> String {
    if dictionary.is_gathering() {
        return text.to_owned();
    }
    let chunks: Vec<_> = text.split_whitespace().map(trimmed).collect();
    let in_phrase = in_phrases(&chunks);
    let mut told: Vec<String> = Vec::new();
    for ((before, word, behind), in_phrase) in chunks.into_iter().zip(in_phrase) {
        let said = if in_phrase { word.to_owned() } else { said(dictionary, word) };
        let said = format!("{before}{said}{behind}");
        // One sign for a row of words.
        if said != LEFT_OUT || told.last() != Some(&said) {
            told.push(said);
        }
    }
    told.join(" ")
}

/// For each chunk, whether it is part of what rules know the text by.
fn in_phrases(chunks: &[(&str, &str, &str)]) -> Vec<bool> {
    let words: Vec<String> = chunks.iter().map(|(_, word, _)| word.to_lowercase()).collect();
    let mut inside = vec![false; words.len()];
    for phrase in PHRASES.iter().filter(|phrase| !phrase.is_empty()) {
        for at in 0..words.len() {
            if words[at..].starts_with(phrase) {
                inside[at..at + phrase.len()].fill(true);
            }
        }
    }
    inside
}

/// A chunk without the punctuation around it.
fn trimmed(chunk: &str) -> (&str, &str, &str) {
    let inside = chunk.trim_start_matches(|c| "\"'“”‘’([{<".contains(c));
    let before = &chunk[..chunk.len() - inside.len()];
    let word = inside.trim_end_matches(|c| "\"'“”‘’)]}>.,;:!?…".contains(c));
    let word = word.strip_suffix("'s").filter(|name| !name.is_empty()).unwrap_or(word);
    (before, word, &inside[word.len()..])
}

fn said(dictionary: &mut Dictionary, word: &str) -> String {
    if word.starts_with("arn:") {
        return text::replaced(dictionary, word);
    }
    if word.contains(':') && known::are_actions(word) {
        return word.to_owned();
    }
    let words = text::words_of(word);
    let gathered = dictionary.gathered();
    let is_name = |word: &str| gathered.has_word(word) && !SMALL.contains(&word.to_lowercase().as_str());
    let is_id = |word: &str| is_hex_id(word) || word.contains('-');
    let is_theirs = words.iter().any(|(_, word)| is_name(word)) || (words.len() > 1 && gathered.has_text(word));
    if !is_theirs && (is_known(word) || is_short_number(word)) {
        return word.to_owned();
    }
    if is_theirs || words.iter().any(|(_, word)| is_id(word)) {
        return text::replaced(dictionary, word);
    }
    if words.is_empty() { word.to_owned() } else { LEFT_OUT.to_owned() }
}

fn is_known(word: &str) -> bool {
    let lower = word.to_lowercase();
    let own = |call: &Call| call.action().split_once(':').is_some_and(|(_, name)| name == word);
    VOCABULARY.contains(&lower)
        || lower.split('-').all(|part| VOCABULARY.contains(part))
        || known::is_code(word)
        || Call::ALL.iter().any(own)
}

fn is_short_number(word: &str) -> bool {
    (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::draw::Draw;

    fn told(names: &[&str], text: &str) -> String {
        let mut dictionary = Dictionary::new(Draw::new(0));
        for name in names {
            text::replaced(&mut dictionary, name);
        }
        dictionary.finish();
        replaced(&mut dictionary.with_draw(Draw::new(2)), text)
    }

    #[test]
    fn every_failure_reason_stays_of_its_family() {
        for reason in failure_reasons::all() {
            let given = told(&[], &reason.example);
            let family = failure_reasons::classify(&given).map(|found| &found.pattern);
            assert_eq!(family, Some(&reason.pattern), "{given}");
        }
    }

    #[test]
    fn the_template_stays_and_the_names_go() {
        let names = ["my-redshift-analyst-policy", "123456789012", "jane.doe", "Data Reader"];
        let given = told(&names, "Received a 404 status error: Not supported policy my-redshift-analyst-policy.");
        assert!(given.starts_with("Received a 404 status error: Not supported policy "), "{given}");
        assert!(!given.contains("redshift") && given.ends_with('.') && given.matches('-').count() == 3, "{given}");
        let denied = "User: arn:aws:sts::123456789012:assumed-role/Reader/jane.doe is not authorized to perform: iam:GetRole \
                      on resource: role Data Reader because no identity-based policy allows the iam:GetRole action";
        let given = told(&names, denied);
        for word in ["jane", "doe", "Reader", "123456789012", LEFT_OUT] {
            assert!(!given.contains(word), "{word}: {given}");
        }
        assert!(given.contains("is not authorized to perform: iam:GetRole on resource: role "), "{given}");
    }

    #[test]
    fn what_nobody_knows_is_left_out() {
        let given = told(&["jane.doe"], "Ask Bob Miller (bob@acme.example, ext. 4711) about Jane's case, owner:Bob");
        assert!(!["Bob", "Miller", "acme", "4711", "ext", "Jane"].iter().any(|word| given.contains(word)), "{given}");
        assert!(given.contains("…") && given.contains("'s"), "{given}");
    }
    #[test]
    fn a_name_that_is_an_english_word_is_a_name_first() {
        let given =
            told(&["Support", "customer-support", "read.only", "404"], "Ask customer-support or Support: Read 404");
        for name in ["customer", "upport", "Read", "404"] {
            assert!(!given.contains(name), "{name}: {given}");
        }
        // What a reason is known by stays, whoever is called like it.
        let given = told(&["policy", "not", "a"], "Received a 404 status error: Not supported policy acme-policy");
        let family = failure_reasons::classify(&given).map(failure_reasons::FailureReason::name);
        assert_eq!(family.as_deref(), Some("Not supported policy"), "{given}");
        assert!(!given.contains("acme"), "{given}");
    }

    #[test]
    fn what_only_looks_like_aws_s_is_left_out() {
        let text = "AcmePayrollException ACME_PAYROLL_POLICY acmecorp:GetThing s3:GetPayroll iam:GetRole AccessDenied (ACME_X)";
        assert_eq!(told(&[], text), "… iam:GetRole AccessDenied (…)");
    }
}
