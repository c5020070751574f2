//! Keys that stand beside sign-ins: in the environment, where they outrank the profile that a variable names, and in files
//! under a profile's name, where one tool takes the keys and another the sign-in.

use super::profile::Profile;
use super::sources::{Merged, Sources};
use super::{Check, Found, Look, Rule, Seen, role_source};
use crate::evidence::KeyEnvironment;
use crate::wording::shell::{option, shell};

const ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";

rule!(
    INCOMPLETE: "half of a key is set, in the environment or in a file",
    Check::Environment(incomplete),
    Check::Way(role_source::half_a_key)
);
rule!(
    OUTRANK_PROFILE: "keys in the environment are used instead of the profile that a variable names",
    Check::Environment(outrank_profile)
);

/// A secret alone is passed over.
fn incomplete(_: &Look<'_>, environment: &KeyEnvironment, _: &[&str]) -> Option<Found> {
    if !environment.access_key || environment.secret_key {
        return None;
    }
    let message = format!(
        "{ID} is set and {SECRET} is not: the AWS CLI and the SDKs refuse that, unless --profile names a profile. Set both, or \
         neither."
    );
    Some(Found::new(message).mended_by([unset()]))
}

/// The profile for the account is named and is not used, since there are keys of another account.
fn outrank_profile(look: &Look<'_>, environment: &KeyEnvironment, for_account: &[&str]) -> Option<Found> {
    if !(environment.access_key && environment.secret_key) {
        return None;
    }
    let (variable, name) = named(environment).filter(|(_, name)| for_account.contains(name))?;
    // Whose they are is known where they are what was asked with.
    let asked_with =
        look.evidence.question.profile.as_deref().is_none_or(|asked| environment.profile.as_deref() == Some(asked));
    let caller = look.evidence.caller.known().ok().filter(|_| asked_with);
    if caller.is_some_and(|caller| Some(caller.account.as_str()) == look.account) {
        return None;
    }
    let whose = caller.map(|caller| format!(", those of {},", caller.arn)).unwrap_or_default();
    let message = format!(
        "{variable} names profile {name}, and {ID} and {SECRET} are set: the AWS CLI and the SDKs use these keys{whose} and not \
         the profile. Unset them, or name the profile on the command line, which outranks them: aws {}.",
        shell(&option("--profile", name))
    );
    Some(Found::new(message).of(name).mended_by([unset()]))
}

/// The variable that names a profile for the AWS CLI, and the profile.
fn named(environment: &KeyEnvironment) -> Option<(&'static str, &str)> {
    let of = |variable, name: &Option<String>| name.is_some().then_some(variable);
    let variable =
        of("AWS_PROFILE", &environment.profile).or(of("AWS_DEFAULT_PROFILE", &environment.default_profile))?;
    Some((variable, environment.profile.as_deref().or(environment.default_profile.as_deref())?))
}

fn unset() -> Vec<String> {
    ["unset", ID, SECRET, "AWS_SESSION_TOKEN"].map(str::to_owned).to_vec()
}

/// Which of several sources is used.
pub(super) fn seen(look: &Look<'_>, profiles: &[Profile<'_>]) -> Vec<Seen> {
    let Some(sources) = look.sources else { return Vec::new() };
    let mut seen = environment(&sources.found.environment);
    seen.extend(profiles.iter().filter_map(|profile| beside_sign_in(&sources, profile.name())));
    seen
}

fn environment(environment: &KeyEnvironment) -> Vec<Seen> {
    let named = named(environment);
    let mut says = Vec::new();
    if environment.access_key && environment.secret_key {
        let not = named.map(|(variable, name)| format!(", and not profile {name} of {variable}")).unwrap_or_default();
        says.push(format!(
            "{ID} and {SECRET} are set: the AWS CLI and the SDKs use these keys{not}, unless --profile names a profile"
        ));
    } else if environment.web_identity {
        let not = named.map(|(_, name)| format!(" before profile {name} signs in")).unwrap_or_default();
        says.push(format!(
            "AWS_WEB_IDENTITY_TOKEN_FILE is set: the AWS CLI and the SDKs use that web identity{not}, unless --profile names a \
             profile"
        ));
    }
    if let (Some(one), Some(other)) = (&environment.profile, &environment.default_profile)
        && one != other
    {
        says.push(format!(
            "AWS_PROFILE is {one} and AWS_DEFAULT_PROFILE {other}: the AWS CLI takes {one}, and Python programs (boto3) take {other}"
        ));
    }
    says.into_iter().map(|says| Seen { what: "environment".to_owned(), says }).collect()
}

/// Keys under the name of a profile that signs in: AWS's own tools do not agree on which comes first.
fn beside_sign_in(sources: &Sources<'_>, name: &str) -> Option<Seen> {
    let merged = sources.profile(name)?;
    if merged.get("role_arn").is_some() || merged.place("web_identity_token_file").is_some() {
        return None;
    }
    let whole =
        |of: fn(&Merged<'_>, &str) -> bool| of(&merged, "aws_access_key_id") && of(&merged, "aws_secret_access_key");
    let in_credentials = whole(|merged, key| merged.in_credentials(key).is_some());
    let in_config = whole(|merged, key| merged.in_config(key).is_some());
    let place = if in_credentials {
        merged.in_credentials("aws_access_key_id")
    } else {
        merged.in_config("aws_access_key_id").filter(|_| in_config)
    }?;
    let sign_in = "the AWS CLI, boto3 and the SDKs for Java and Rust use the sign-in";
    let says = format!(
        "line {} gives profile {name} keys beside its sign-in: {sign_in}, Terraform and other programs on the SDKs for Go and \
         JavaScript the keys",
        place.line
    );
    Some(Seen { what: place.path.to_owned(), says })
}
