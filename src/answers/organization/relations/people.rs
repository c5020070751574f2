//! What is known of each person, whatever way they take, and where one of their ways tells them apart from everybody.

use super::{Given, Judged, Making, To, Way};
use crate::answers::organization::rows::facts_of;
use crate::cores;
use crate::evidence::{Person, Principal, PrincipalType};
use crate::model::paths::Entitled;
use crate::model::session_policies::is_aimed_at_somebody;
use crate::model::{Session, SetInAccount, Through};
use crate::verdict::{is_told_apart, judge_user};

impl Making<'_> {
    /// What is known of each person, and where that is otherwise on one of their ways.
    pub(super) fn judge_people(&self) -> (Vec<Judged>, Vec<(usize, usize, Judged)>) {
        let mut groups_of: Vec<Vec<usize>> = vec![Vec::new(); self.people.list.len()];
        for (place, group) in self.groups.list.iter().enumerate() {
            group.members.iter().flatten().for_each(|person| groups_of[*person].push(place));
        }
        let entitled: Vec<Option<Entitled>> = self.ways.iter().map(|way| self.entitled_of(way)).collect();
        let places: Vec<usize> = (0..self.ways.len()).collect();
        let through = cores::map(&places, |place| {
            let session = self.session_of(&self.ways[*place], entitled[*place].as_ref())?;
            Some((session, is_aimed_at_somebody(session)))
        });
        let people: Vec<usize> = (0..self.people.list.len()).collect();
        let judged = cores::map(&people, |place| self.judge_person(*place, &groups_of[*place], &through));
        let (own, otherwise): (Vec<_>, Vec<_>) = judged.into_iter().unzip();
        (own, otherwise.into_iter().flatten().collect())
    }

    /// The session that a way gives, whoever's it is.
    fn session_of<'e>(&'e self, way: &Way, entitled: Option<&'e Entitled>) -> Option<Session<'e>> {
        let in_account = self.snapshot.in_account(&self.accounts.list[way.account].id)?;
        match (&way.grant, entitled) {
            (Given::Set(set), _) => Some(SetInAccount::standing(in_account, &self.sets.list[*set].arn).session(None)),
            (Given::Role(_), Some(entitled)) => {
                Some(Session { in_account, person: None, through: Through::Entitlement(entitled) })
            }
            (Given::Role(_), None) => None,
        }
    }

    /// The entitlement, where a way is one. By which application it is makes no difference to a session.
    fn entitled_of(&self, way: &Way) -> Option<Entitled> {
        let Given::Role(role_arn) = &way.grant else { return None };
        let via = match &way.to {
            To::Person(place) => Principal { kind: PrincipalType::User, id: self.people.list[*place].id.clone() },
            To::Group(place) => Principal { kind: PrincipalType::Group, id: self.groups.list[*place].id.clone() },
            To::Nobody(principal) => principal.clone(),
        };
        Some(Entitled { application: String::new(), role_arn: role_arn.clone(), via })
    }

    /// The same of one person, who is in these groups, by what the ways lead through.
    fn judge_person(
        &self,
        place: usize,
        groups: &[usize],
        through: &[Option<(Session<'_>, bool)>],
    ) -> (Judged, Vec<(usize, usize, Judged)>) {
        let (snapshot, person) = (self.snapshot, &self.people.list[place]);
        let facts = facts_of(snapshot, &person.id);
        let asked = Person { user: &facts, typed: &person.id };
        let alone = Judged::from(&judge_user(snapshot.in_instance(), None, asked));
        let of_groups = groups.iter().filter_map(|group| self.of_group.get(group));
        let mut otherwise = Vec::new();
        for way in of_groups.chain(self.of_person.get(&place)).flatten() {
            let Some((session, is_aimed)) = through[*way] else { continue };
            if !is_told_apart(session, asked, is_aimed) {
                continue;
            }
            let there = Judged::from(&judge_user(snapshot.in_instance(), Some(session), asked));
            if there != alone {
                otherwise.push((*way, place, there));
            }
        }
        (alone, otherwise)
    }
}
