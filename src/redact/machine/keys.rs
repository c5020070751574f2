//! What a machine says of keys and roles under other names. Of keys themselves nothing is there to be replaced.

use super::super::dictionary::Dictionary;
use super::{file, header, line, profile, setting_name, setting_value};
use crate::evidence::{KeyEnvironment, KeyProfile, KeySources, Setting};

/// Replaces what is not the AWS CLI's own.
pub(super) fn replaced(dictionary: &mut Dictionary, keys: &KeySources) -> KeySources {
    let of_credentials = |dictionary: &mut Dictionary, all: &Vec<KeyProfile>| {
        all.iter().map(|one| of(dictionary, one, profile)).collect()
    };
    KeySources {
        environment: environment(dictionary, &keys.environment),
        config: keys.config.iter().map(|one| of(dictionary, one, header)).collect(),
        credentials: file(dictionary, &keys.credentials, of_credentials),
    }
}

fn environment(dictionary: &mut Dictionary, environment: &KeyEnvironment) -> KeyEnvironment {
    KeyEnvironment {
        access_key: environment.access_key,
        secret_key: environment.secret_key,
        web_identity: environment.web_identity,
        profile: environment.profile.as_ref().map(|name| profile(dictionary, name)),
        default_profile: environment.default_profile.as_ref().map(|name| profile(dictionary, name)),
    }
}

fn of(dictionary: &mut Dictionary, one: &KeyProfile, header: fn(&mut Dictionary, &str) -> String) -> KeyProfile {
    let settings = one.settings.iter().map(|(key, setting)| {
        let value = setting_value(dictionary, key, &setting.value);
        let setting = Setting { value, line: setting.line, text: line(dictionary, &setting.text) };
        (setting_name(dictionary, key), setting)
    });
    let settings = settings.collect();
    let present = one.present.iter().map(|(key, line)| (setting_name(dictionary, key), *line)).collect();
    let (name, header) = (profile(dictionary, &one.name), header(dictionary, &one.header));
    KeyProfile { name, header, line: one.line, settings, present }
}
