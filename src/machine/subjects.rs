//! What the rules are asked about: the profiles for the account, by sign-in and by role, and the sign-ins that they use.

use super::look::Look;
use super::profile::Profile;
use super::roles::{self, RoleProfile};
use crate::evidence::SignIn;

/// Everything on the machine that leads to the account, or would.
#[derive(Debug)]
pub(super) struct Subjects<'a> {
    /// The profiles for the account that sign in.
    pub(super) profiles: Vec<Profile<'a>>,
    /// Those that assume a role there.
    pub(super) roles: Vec<RoleProfile<'a>>,
    /// Those that sign in, and those by whose sign-in the others come to their role.
    pub(super) sign_in_by: Vec<Profile<'a>>,
}

impl<'a> Subjects<'a> {
    pub(super) fn of(look: &'a Look<'a>) -> Self {
        let mut profiles = look.profiles();
        let roles = roles::profiles(look, &profiles);
        // A profile that assumes a role is not one that signs in, whatever else it says.
        let assumes = |name: &str| roles.iter().any(|role| role.name() == name && role.is_sound());
        profiles.retain(|profile| !assumes(profile.name()));
        let bases = roles::sign_ins(&roles).into_iter().filter_map(|base| look.base(base.name));
        let sign_in_by = profiles.iter().copied().chain(bases).collect();
        Self { profiles, roles, sign_in_by }
    }

    /// The names of the profiles that are for the account.
    pub(super) fn names(&self) -> Vec<&'a str> {
        self.profiles.iter().map(Profile::name).chain(self.roles.iter().map(RoleProfile::name)).collect()
    }

    /// The sign-ins, each once however many profiles share it, with the first that does.
    pub(super) fn sign_ins(&self) -> Vec<(&Profile<'a>, &'a SignIn)> {
        let mut used: Vec<(&Profile<'a>, &'a SignIn)> = Vec::new();
        for profile in &self.sign_in_by {
            if let Some(sign_in) = profile.sign_in
                && used.iter().all(|(_, other)| other.file.path != sign_in.file.path)
            {
                used.push((profile, sign_in));
            }
        }
        used
    }
}
