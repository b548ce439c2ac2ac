//! The current data of the service: invites, members, seats.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use hyper::StatusCode;

use crate::{
    Invite, Member, Refusal, Report, State, When, generate,
    lag::Lagging,
    record::{MemberChange, MemberRecord, NewInvite, Record},
    reply::{Payload, Problem},
    state::Settings,
    write,
};

pub(crate) struct Store {
    settings: Arc<Settings>,
    made_at: DateTime<Utc>,
    records: Vec<Record>,
    by_id: HashMap<Box<str>, usize>,
    by_email: HashMap<String, Vec<usize>>,
    members: Vec<MemberRecord>,
    fewest_admins: usize,
    /// What the list of members shows until then: as it was before each change, the oldest first.
    members_before: Vec<(Instant, Vec<u8>)>,
    /// Invites that hold a seat, by their end, the next first.
    ends: BinaryHeap<Reverse<(DateTime<Utc>, usize)>>,
    promised_seats: usize,
    lagging: Lagging,
    /// The whole list; `None` once something has changed.
    list: Option<Arc<Payload>>,
    ids: fastrand::Rng,
}

fn is_paid(permission: &str) -> bool {
    matches!(permission, "write" | "admin")
}

impl Store {
    pub(crate) fn new(state: &State, settings: Arc<Settings>) -> Result<Self, Refusal> {
        // Relative times in a state are the test's, not the service's: its clock may be wrong on purpose.
        let now = Utc::now();
        let seed = state.generate.as_ref().map_or(0, |g| g.seed);
        let mut store = Self {
            made_at: settings
                .behaviour
                .keep(settings.now() - TimeDelta::days(365)),
            settings,
            records: Vec::new(),
            by_id: HashMap::new(),
            by_email: HashMap::new(),
            members: Vec::new(),
            fewest_admins: 0,
            members_before: Vec::new(),
            ends: BinaryHeap::new(),
            promised_seats: 0,
            lagging: Lagging::default(),
            list: None,
            ids: fastrand::Rng::with_seed(seed),
        };
        for member in &state.members {
            store.preset_member(member, now)?;
        }
        for invite in &state.invites {
            store.preset_invite(invite, now)?;
        }
        if let Some(wanted) = &state.generate {
            for number in 0..wanted.invites {
                let landscape = store.new_id();
                store.preset_invite(&generate::invite(wanted, number, landscape, now), now)?;
            }
        }
        store.fewest_admins = store.admins();
        Ok(store)
    }

    fn new_id(&mut self) -> String {
        (0..20).map(|_| self.ids.alphanumeric()).collect()
    }

    fn preset_member(&mut self, member: &Member, now: DateTime<Utc>) -> Result<(), Refusal> {
        let last_active_at = member
            .last_active_at
            .unwrap_or(When::FromNow(TimeDelta::hours(-1)))
            .resolve(now)?;
        let record = MemberRecord {
            user_id: member.user_id.clone().unwrap_or_else(|| self.new_id()),
            email: member.email.clone(),
            permission: member.permission.clone(),
            name: member.name.clone(),
            job_role: member.job_role.clone(),
            last_active_at: self.settings.behaviour.keep(last_active_at),
            landscape_permissions: member.landscape_permissions.clone(),
        };
        self.members.push(record);
        Ok(())
    }

    fn preset_invite(&mut self, invite: &Invite, now: DateTime<Utc>) -> Result<(), Refusal> {
        let settings = Arc::clone(&self.settings);
        let resolve = |when: Option<When>| when.map(|when| when.resolve(now)).transpose();
        let keep = |instant| settings.behaviour.keep(instant);
        let expires_at = resolve(invite.expires_at)?.unwrap_or(now + TimeDelta::days(7));
        let created_at = resolve(invite.created_at)?.unwrap_or(now - TimeDelta::days(1));
        let record = Record {
            id: invite.id.clone().unwrap_or_else(|| self.new_id()).into(),
            email: invite.email.as_str().into(),
            permission: invite.permission.as_str().into(),
            landscape_permissions: invite.landscape_permissions.clone(),
            expires_at: settings.behaviour.keep_expiry(expires_at),
            created_at: keep(created_at),
            created_by: invite.created_by.as_deref().unwrap_or("api-key").into(),
            created_by_id: invite
                .created_by_id
                .as_deref()
                .unwrap_or(settings.key_id())
                .into(),
            revoked_at: resolve(invite.revoked_at)?.map(keep),
            revoked_by: match (&invite.revoked_by, &invite.revoked_by_id) {
                (None, None) => None,
                (kind, id) => Some((
                    kind.as_deref().unwrap_or("api-key").to_owned(),
                    id.as_deref().unwrap_or(settings.key_id()).to_owned(),
                )),
            },
            used: resolve(invite.used_at)?.map(|at| {
                let user = invite.used_by_user_id.clone();
                (keep(at), user.unwrap_or_else(|| self.new_id()))
            }),
            made: false,
            holds_seat: false,
            json: Box::default(),
        };
        self.add(record);
        Ok(())
    }

    fn add(&mut self, mut record: Record) -> usize {
        let index = self.records.len();
        if is_paid(&record.permission) && record.is_active(self.settings.now()) {
            record.holds_seat = true;
            self.promised_seats += 1;
            self.ends.push(Reverse((record.expires_at, index)));
        }
        record.json = write::invite(&self.settings, &record).into();
        self.by_id.insert(record.id.clone(), index);
        self.by_email
            .entry(record.email.to_lowercase())
            .or_default()
            .push(index);
        self.records.push(record);
        self.list = None;
        index
    }

    /// Makes an invite and responds with it.
    pub(crate) fn create(&mut self, new: NewInvite) -> Result<Vec<u8>, Problem> {
        let now = self.settings.now();
        self.check_conflicts(&new, now)?;
        let last = self.records.last().filter(|r| r.made).map(|r| r.created_at);
        let kept_now = self.settings.behaviour.keep(now);
        let expires_at = new
            .expires_at
            .min(self.settings.behaviour.latest_expiry(now));
        let record = Record {
            id: self.new_id().into(),
            email: new.email.into(),
            permission: new.permission.into(),
            landscape_permissions: new.landscape_permissions,
            expires_at: self.settings.behaviour.keep_expiry(expires_at),
            // This machine's clock may be set back; the service's is not.
            created_at: last.map_or(kept_now, |last| last.max(kept_now)),
            created_by: "api-key".into(),
            created_by_id: self.settings.key_id().into(),
            revoked_at: None,
            revoked_by: None,
            used: None,
            made: true,
            holds_seat: false,
            json: Box::default(),
        };
        let index = self.add(record);
        let behaviour = &self.settings.behaviour;
        if behaviour.list_lag_ms > 0 || behaviour.list_lag_reads > 0 {
            let (until, reads) = (self.lag_end(), behaviour.list_lag_reads);
            self.lagging.miss(index, until, reads);
        }
        Ok(write::one_invite(&self.settings, &self.records[index].json))
    }

    fn check_conflicts(&mut self, new: &NewInvite, now: DateTime<Utc>) -> Result<(), Problem> {
        let conflict = |message: &str| Err(Problem::new(StatusCode::CONFLICT, message));
        let email = new.email.to_lowercase();
        if self.settings.refuse_members
            && self.members.iter().any(|m| m.email.to_lowercase() == email)
        {
            return conflict("User is already a member");
        }
        if self.settings.refuse_second_active && self.active_of(&email, now).is_some() {
            return conflict("An active invite exists for this email");
        }
        match is_paid(&new.permission) {
            true => self.check_seat(now),
            false => Ok(()),
        }
    }

    /// Refuses what needs another seat where none is free.
    fn check_seat(&mut self, now: DateTime<Utc>) -> Result<(), Problem> {
        match self.seats_taken(now) < self.settings.seats as usize {
            true => Ok(()),
            false => Err(Problem::new(
                StatusCode::CONFLICT,
                "All organization seats have been assigned",
            )),
        }
    }

    fn seats_taken(&mut self, now: DateTime<Utc>) -> usize {
        while let Some(Reverse((end, index))) = self.ends.peek().copied()
            && end <= now
        {
            self.ends.pop();
            self.release_seat(index);
        }
        self.promised_seats
            + self
                .members
                .iter()
                .filter(|m| is_paid(&m.permission))
                .count()
    }

    fn release_seat(&mut self, index: usize) {
        if std::mem::take(&mut self.records[index].holds_seat) {
            self.promised_seats -= 1;
        }
    }

    fn active_of(&self, email: &str, now: DateTime<Utc>) -> Option<usize> {
        let indices = self.by_email.get(email)?;
        indices
            .iter()
            .rev()
            .copied()
            .find(|&index| self.records[index].is_active(now))
    }

    fn lag_end(&self) -> Instant {
        self.settings.clock.on(Instant::now())
            + Duration::from_millis(self.settings.behaviour.list_lag_ms)
    }

    /// Changes a member's permission and landscapes, and answers with them.
    pub(crate) fn update_member(
        &mut self,
        user: &str,
        change: MemberChange,
    ) -> Result<Vec<u8>, Problem> {
        let at = self.member(user)?;
        if is_paid(&change.permission) && !is_paid(&self.members[at].permission) {
            self.check_seat(self.settings.now())?;
        }
        if change.permission != "admin" {
            self.check_other_admin(at)?;
        }
        self.lag_members();
        let member = &mut self.members[at];
        member.permission = change.permission;
        if change.landscape_permissions.is_some() {
            member.landscape_permissions = change.landscape_permissions;
        }
        let answer = write::one_member(&self.settings, member);
        self.fewest_admins = self.fewest_admins.min(self.admins());
        Ok(answer)
    }

    /// Removes a member. The invite that the person used stays as it is.
    pub(crate) fn remove_member(&mut self, user: &str) -> Result<Vec<u8>, Problem> {
        let at = self.member(user)?;
        self.check_other_admin(at)?;
        self.lag_members();
        self.members.remove(at);
        self.fewest_admins = self.fewest_admins.min(self.admins());
        Ok(write::nothing(&self.settings))
    }

    fn member(&self, user: &str) -> Result<usize, Problem> {
        self.members
            .iter()
            .position(|member| member.user_id == user)
            .ok_or_else(|| Problem::plain(StatusCode::NOT_FOUND))
    }

    fn admins(&self) -> usize {
        self.members.iter().filter(|m| m.is_admin()).count()
    }

    /// Refuses to take the last admin, in a state where the service does.
    fn check_other_admin(&self, at: usize) -> Result<(), Problem> {
        let last = self.members[at].is_admin() && self.admins() == 1;
        match last && self.settings.refuse_last_admin {
            true => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "The organization needs an admin",
            )),
            false => Ok(()),
        }
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// Revokes an invite, if it is not revoked yet, and responds with it.
    pub(crate) fn revoke(&mut self, id: &str) -> Result<Vec<u8>, Problem> {
        let Some(&index) = self.by_id.get(id) else {
            return Err(Problem::plain(StatusCode::NOT_FOUND));
        };
        if self.records[index].revoked_at.is_none() {
            let now = self.settings.behaviour.keep(self.settings.now());
            let before = self.change(index, |record| record.revoked_at = Some(now));
            if self.settings.behaviour.list_lag_ms > 0 {
                let until = self.lag_end();
                self.lagging.keep(index, until, before);
            }
        }
        Ok(write::one_invite(&self.settings, &self.records[index].json))
    }

    /// Changes an invite so that it is no longer active, and returns its previous JSON.
    fn change(&mut self, index: usize, change: impl FnOnce(&mut Record)) -> Box<[u8]> {
        self.release_seat(index);
        self.list = None;
        let record = &mut self.records[index];
        change(record);
        let json = write::invite(&self.settings, record).into();
        std::mem::replace(&mut record.json, json)
    }

    /// Marks the newest active invite with this address or id as used, and makes the person a member.
    pub(crate) fn mark_used(&mut self, email_or_id: &str) -> Result<(), Refusal> {
        let now = self.settings.now();
        let by_id = self
            .by_id
            .get(email_or_id)
            .copied()
            .filter(|&index| self.records[index].is_active(now));
        let index = by_id
            .or_else(|| self.active_of(&email_or_id.to_lowercase(), now))
            .ok_or_else(|| {
                Refusal::new(format!(
                    "there is no active invite with the address or id `{email_or_id}`"
                ))
            })?;
        let email = self.records[index].email.to_lowercase();
        let known = self
            .members
            .iter()
            .find(|m| m.email.to_lowercase() == email)
            .map(|m| m.user_id.clone());
        let user_id = known.clone().unwrap_or_else(|| self.new_id());
        let at = self.settings.behaviour.keep(now);
        self.change(index, |record| record.used = Some((at, user_id.clone())));
        if known.is_none() {
            let record = &self.records[index];
            self.members.push(MemberRecord {
                user_id,
                email: record.email.to_string(),
                permission: record.permission.to_string(),
                name: None,
                job_role: None,
                last_active_at: at,
                landscape_permissions: record.landscape_permissions.clone(),
            });
        }
        Ok(())
    }

    pub(crate) fn list(&mut self) -> Arc<Payload> {
        let lagging = self.lagging.step(self.settings.clock.on(Instant::now()));
        if let Some(list) = self.list.as_ref().filter(|_| lagging.is_empty()) {
            return Arc::clone(list);
        }
        let shown = self
            .records
            .iter()
            .enumerate()
            .filter_map(|(index, record)| match lagging.get(&index) {
                None => Some(&*record.json),
                Some(before) => before.as_deref(),
            });
        let list = Payload::new(write::all_invites(&self.settings, shown));
        if lagging.is_empty() {
            self.list = Some(Arc::clone(&list));
        }
        list
    }

    /// The list of members, as it was before the first change that it does not show yet.
    pub(crate) fn members(&mut self) -> Vec<u8> {
        let now = self.settings.clock.on(Instant::now());
        self.members_before.retain(|(until, _)| now < *until);
        match self.members_before.first() {
            Some((_, before)) => before.clone(),
            None => write::all_members(&self.settings, &self.members),
        }
    }

    /// The members are about to change, and their list may show that later.
    fn lag_members(&mut self) {
        let lag = Duration::from_millis(self.settings.behaviour.member_lag_ms);
        if !lag.is_zero() {
            let until = self.settings.clock.on(Instant::now()) + lag;
            let before = write::all_members(&self.settings, &self.members);
            self.members_before.push((until, before));
        }
    }

    pub(crate) fn organization(&self) -> Vec<u8> {
        write::organization(&self.settings, &self.members, self.made_at)
    }

    /// Adds up the invites for a report.
    pub(crate) fn count(&self, report: &mut Report) {
        let now = self.settings.now();
        for (email, indices) in &self.by_email {
            let records = || indices.iter().map(|&index| &self.records[index]);
            let made = records().filter(|r| r.made).count() as u64;
            let active = records().filter(|r| r.is_active(now)).count() as u64;
            if made > 0 {
                report.invites_made.insert(email.clone(), made);
            }
            if active > 0 {
                report.active_invites.insert(email.clone(), active);
            }
        }
        report.invites_made_total = report.invites_made.values().sum();
        report.active_invites_total = report.active_invites.values().sum();
        report.addresses_invited_twice = report
            .invites_made
            .iter()
            .filter(|(_, made)| **made > 1)
            .map(|(email, _)| email.clone())
            .collect();
        report.members = self.members.iter().map(Member::from).collect();
        report.fewest_admins = self.fewest_admins as u64;
    }
}
