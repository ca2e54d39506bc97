# The blood bus: work away from home
action-lend_bus = lend donors and donation numbers to a blood bus
action-take_loan = take over what the region lent the bus
kind-mobile-lent = Donors and numbers lent to a bus
kind-mobile-taken = Loan taken on the bus
kind-mobile-reported = Reported home from the bus
kind-mobile-adopted = The bus' report taken in
kind-donor-lent = Donor lent by the home region
refusal-mobile-over = The loan ended { $until }. Choose a later moment, or ask the region for a new loan.
refusal-mobile-over-rule = A loan has an end, so that nobody works by an old list.
refusal-mobile-nobody = A loan is for 1–{ $most } donors, not { $donors }.
refusal-mobile-nobody-rule = A bus works with the list of donors that its region lent it.
refusal-mobile-merged = Donor { $donor } was merged with another. Lend that record instead.
refusal-mobile-merged-rule = One person is one donor, with one history.
refusal-mobile-no_loan = There is no loan from { $journal } to this bus. Wait until the bus has pulled the region's journal, or ask the region to lend again.
refusal-mobile-no_loan-rule = A bus works with what its region lent it.
refusal-mobile-no_report = The report from { $journal } is not here, or is not for this region.
refusal-mobile-no_report-rule = What a bus did comes home as reports.
refusal-mobile-order = Report { $record } was taken in already.
refusal-mobile-order-rule = Reports are taken in in their order, and once.
refusal-mobile-across_modes = { $journal } is of another mode (real, exercise or demo). They do not mix.
refusal-mobile-across_modes-rule = Real work, exercise and demo never mix.
done-lend-bus = The loan is made. The bus can take it once it has pulled the region's journal.
done-take-loan = The loan is taken. Donors, numbers and rules are on the bus now.
nav-bus = Blood bus
bus-title = Blood buses
bus-lead = The bus works with a journal of its own, also without a network. Here the region lends donors and numbers, and sees how much of the bus' work has come home.
bus-title-away = On the bus
bus-lead-away = Everything done here goes into the bus' own journal and is reported home as soon as there is a network.
bus-none = No bus has a journal of its own here
bus-none-text = A bus opens its journal with “samband body add --mobile-unit” and becomes the region's neighbour, as two regions do.
bus-units = Buses
bus-unit = Bus
bus-lent = Lent
bus-until = Until
bus-home = Come home
bus-waiting = { $n ->
    [one] 1 report waits
   *[other] { $n } reports wait
}
bus-conflicts = { $n ->
    [one] 1 did not agree
   *[other] { $n } did not agree
}
bus-all-home = Everything is home
bus-nothing-lent = nothing
bus-lent-donors = { $n ->
    [one] 1 donor
   *[other] { $n } donors
}
bus-not-agreed = Did not agree when it came home
bus-conflict-number_used = The donation number was used already: both donations are held.
bus-conflict-not_lent = Done without a loan, or after it ended.
bus-conflict-donor_known = The donor was known at home; the donation went there.
bus-conflict-donor_unknown = The donor is unknown at home; the donation is held.
bus-conflict-unreadable = Written by a later program; it could not be read here.
bus-lend = Lend to the bus
bus-lend-do = Lend
bus-site = The bus as a site of the region
bus-site-hint = The site's donation numbers go with the loan.
bus-donors = Donors
bus-donors-hint = A call-up list, or everybody booked for a session.
bus-from-list = Call-up list: { $name } ({ $n })
bus-from-session = Booked: { $site }, { $day }
bus-take = A loan is waiting
bus-take-do = Take the loan
bus-from = From
bus-own-site = The bus' site
bus-loan-until = The loan holds until
bus-loan-over = is over
bus-no-loan = No loan
bus-no-loan-text = Ask the region to lend donors and numbers, and let the bus pull the region's journal.
bus-to-donors = Donors
bus-to-collect = New donation
