//! What only a question about the whole organization can find.

use crate::packed::packed;

/// Something that only a scan finds, with its page.
#[derive(Debug, Clone, Copy)]
pub struct OwnRule {
    /// Its name, kebab-case, never used for something else.
    pub id: &'static str,
    /// In one line.
    pub summary: &'static str,
    /// The page: Markdown.
    pub explain: fn() -> &'static str,
}

macro_rules! own {
    ($($id:literal: $summary:literal,)*) => {
        /// All of them.
        pub static OWN_RULES: &[OwnRule] = &[$(OwnRule {
            id: $id,
            summary: $summary,
            explain: || packed!("docs/scan/", $id, ".md"),
        }),*];
    };
}

own! {
    "permission-set-exists": "a plan makes a permission set whose name is there already (blocks; by --plan)",
    "permission-set-in-use": "a plan deletes a permission set that is still assigned (degrades; by --plan)",
    "assignment-exists": "a plan makes an assignment that is there already (degrades; by --plan)",
    "membership-refused": "a plan makes a membership that AWS refuses (blocks; degrades where it is there already; by --plan)",
    "group-empty": "a group is assigned and has no member (degrades)",
    "permission-set-unused": "no account has the permission set (a note)",
    "review-not-carried-out": "a review decided to revoke access, and it still stands (degrades; by --reviewed)",
    "administrators": "a permission set gives administrator rights (a note)",
    "role-unused": "nobody has used a role for 90 days (a note; by --last-used)",
    "assigned-directly": "permission sets are assigned to users directly (a note)",
    "assigned-while-disabled": "disabled users still have assignments (a note)",
    "organization-policies-undecided": "it cannot be told whether service control policies leave sessions anything (a note)",
    "unit-without-accounts": "no account stands under an organizational unit (a note; by --ou)",
    "plan-changes-members": "a plan puts people into groups or takes them out (a note; by --plan)",
    "places-not-asked": "who is assigned was not asked everywhere (a note; by --full)",
    "plan-takes-away": "a plan takes assignments away (a note; by --plan)",
}
