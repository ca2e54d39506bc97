//! From what happened to accounts.

use std::collections::BTreeMap;

use samband_domain::words::JournalId;

use super::model::{Agreement, For, Region, Transfer};
use super::report::{Account, Entry, Kind, Payment, Settlement};
use super::share::{shares, weights};

/// Settles a period. The answer does not depend on the order in which anything is written down.
#[must_use]
pub fn settle(agreement: &Agreement) -> Settlement {
    let mut regions = agreement.regions.clone();
    regions.sort_by(|a, b| a.id.cmp(&b.id));
    let mut books = Books::of(&regions);
    for transfer in &agreement.transfers {
        books.transfer(agreement, transfer);
    }
    for invitation in &agreement.invitations {
        let amount =
            invitation.invited * agreement.invited + invitation.donated * agreement.donated;
        let about = format!("{} invited, {} gave", invitation.invited, invitation.donated);
        let entry = |debtor: &JournalId, amount| Entry {
            day: invitation.day,
            kind: Kind::Invitation,
            about: about.clone(),
            creditor: invitation.by.clone(),
            debtor: debtor.clone(),
            amount,
        };
        match &invitation.on_behalf {
            For::Region(region) => books.enter(entry(region, amount)),
            For::Joint => {
                let weights = weights(agreement.keys, None, &regions);
                for (region, part) in regions.iter().zip(shares(amount, &weights)) {
                    books.enter(entry(&region.id, part));
                }
            }
        }
    }
    for cost in &agreement.joint {
        let weights = weights(agreement.keys, cost.key, &regions);
        books.account(&cost.paid_by).joint_paid += cost.amount;
        for (region, part) in regions.iter().zip(shares(cost.amount, &weights)) {
            books.account(&region.id).joint_share += part;
            books.enter(Entry {
                day: cost.day,
                kind: Kind::Joint,
                about: cost.what.clone(),
                creditor: cost.paid_by.clone(),
                debtor: region.id.clone(),
                amount: part,
            });
        }
    }
    books.entries.sort();
    let accounts: Vec<_> = books.accounts.into_values().collect();
    Settlement {
        title: agreement.title.clone(),
        from: agreement.from,
        to: agreement.to,
        keys: agreement.keys,
        payments: payments(&accounts),
        accounts,
        entries: books.entries,
    }
}

struct Books {
    accounts: BTreeMap<JournalId, Account>,
    entries: Vec<Entry>,
}

impl Books {
    fn of(regions: &[Region]) -> Self {
        let mut books = Self { accounts: BTreeMap::new(), entries: Vec::new() };
        for region in regions {
            books.account(&region.id);
        }
        books
    }

    fn account(&mut self, region: &JournalId) -> &mut Account {
        self.accounts.entry(region.clone()).or_insert_with(|| Account {
            region: region.clone(),
            units_given: 0,
            units_taken: 0,
            transport: 0,
            invitations: 0,
            joint_share: 0,
            joint_paid: 0,
            carried_by_care_price: 0,
            balance: 0,
        })
    }

    /// Who bears a transfer: the patient's home, unless whoever gave the care was paid for it.
    fn transfer(&mut self, agreement: &Agreement, transfer: &Transfer) {
        let price = agreement.prices.iter().find(|price| price.component == transfer.component);
        let units = transfer.units * price.map_or(0, |price| price.unit);
        let home = transfer.home.as_ref().unwrap_or(&transfer.to);
        let debtor = if transfer.in_care_price { &transfer.to } else { home };
        if debtor != home {
            self.account(debtor).carried_by_care_price += units + transfer.transport;
        }
        let each = [
            (Kind::Units, &transfer.from, units),
            (Kind::Transport, &transfer.carried_by, transfer.transport),
        ];
        for (kind, creditor, amount) in each {
            self.enter(Entry {
                day: transfer.day,
                kind,
                about: transfer.id.clone(),
                creditor: creditor.clone(),
                debtor: debtor.clone(),
                amount,
            });
        }
    }

    /// Both sides at once: what one gains the other loses.
    fn enter(&mut self, entry: Entry) {
        if entry.creditor == entry.debtor || entry.amount == 0 {
            return;
        }
        for (region, amount) in [(&entry.creditor, entry.amount), (&entry.debtor, -entry.amount)] {
            let account = self.account(region);
            account.balance += amount;
            match entry.kind {
                Kind::Units if amount > 0 => account.units_given += amount,
                Kind::Units => account.units_taken -= amount,
                Kind::Transport => account.transport += amount,
                Kind::Invitation => account.invitations += amount,
                Kind::Joint => {}
            }
        }
        self.entries.push(entry);
    }
}

/// Payments that bring every balance to zero: the largest debt to the largest claim, until nothing
/// is left. Fewer than there are regions.
fn payments(accounts: &[Account]) -> Vec<Payment> {
    let mut open: Vec<_> =
        accounts.iter().map(|account| (account.balance, &account.region)).collect();
    let mut payments = Vec::new();
    loop {
        open.sort();
        let (Some(&(owes, from)), Some(&(owed, to))) = (open.first(), open.last()) else {
            return payments;
        };
        let amount = owed.min(-owes);
        if amount <= 0 {
            return payments;
        }
        payments.push(Payment { from: from.clone(), to: to.clone(), amount });
        let last = open.len() - 1;
        open[0].0 += amount;
        open[last].0 -= amount;
    }
}
