# Joint supply: use, targets, proposals
action-report_use = report use day by day
action-set_targets = set how much should lie where
action-decide_moves = accept, change or refuse proposals to move units
kind-plan-use_reported = Use reported
kind-plan-target_set = Stock target set
kind-plan-accepted = Proposal accepted
kind-plan-refused = Proposal refused
kind-plan-reopened = Proposals allowed again
refusal-plan-period = The days do not fit: the first before the last, none after today, four years at most in one report, and a no holds for 31 days at most.
refusal-plan-period-rule = A series says which days it covers.
refusal-plan-rows = The report has no rows, too many, or names a day twice for one component and group. Put the file right and read it in again.
refusal-plan-rows-rule = A row says one thing once; what is unknown is not zero.
refusal-plan-target = The steps do not fit: amber from { $amber_from }, green from { $green_from }, fill to { $fill_to }. They must rise in that order.
refusal-plan-target-rule = Red, amber and green are steps of one ladder.
refusal-plan-not_ours = The proposal goes from { $from } to { $to }. Only those two regions answer it.
refusal-plan-not_ours-rule = Each region decides over its own stock and its own no.
refusal-plan-too_late = The proposal was computed { $made } and was to leave { $leaves }. Open the plan again: it is computed anew.
refusal-plan-too_late-rule = The plan is computed anew every day.
refusal-plan-accepted_already = The proposal was accepted { $said }.
refusal-plan-accepted_already-rule = One thing is decided once.
refusal-plan-closed = Your region said no to this way through { $until }. Allow it again first.
refusal-plan-closed-rule = After a no the plan is computed without that way.
refusal-plan-units = { $units } units will not do: at least one and a thousand at most, of one blood group.
refusal-plan-units-rule = Proposals are whole units of one group.
refusal-plan-change_unexplained = The proposal is { $proposed } units, you said { $units }. Write why.
refusal-plan-change_unexplained-rule = Whoever changes says why.
import-bad-stock-day = Not a date. Write year, month and day: 2026-01-31.
import-bad-stock-site = No place of the region has that name. Write the place's name or its short name.
nav-plan = Planning
plan-title = Joint supply
plan-transfers = Proposed moves
plan-use = Use
plan-transfers-lead = Who can send what to whom in the days to come, and why. Nothing moves until somebody with a mandate has said yes.
plan-none = No plan can be computed
plan-none-text = It takes at least two sites with known stock and known need, and a departure in the timetable between them. What is missing stands below.
plan-proposals = Proposals
plan-worth = What the plan gives
plan-rests = What the plan rests on
plan-said = What has been said
plan-compute = Compute again
plan-horizon = How far ahead
plan-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
  }
plan-price = Kronor per box
plan-price-hint = What transport may cost. 0 shows what free transport would give.
plan-nothing = Nothing is worth moving: everybody fares as well alone in these days.
plan-units = { $n ->
    [one] { $n } unit { $group }
   *[other] { $n } units { $group }
  }
plan-leaves = Leaves
plan-arrives = arrives
plan-leg = departure
plan-why-sender = No more can go: the sender needs its minimum stock on { $day }.
plan-why-full = No more can go: the boxes of that departure are full.
plan-net-short = { $n ->
    [one] { $n } more unit is missing
   *[other] { $n } more units are missing
  }
plan-net-first = {" "}(first { $day }, { $site })
plan-net-below = { $n ->
    [one] { $n } more unit below minimum stock for a day
   *[other] { $n } more units below minimum stock, summed over the days
  }
plan-net-expired = { $n ->
    [one] { $n } more unit expires unused
   *[other] { $n } more units expire unused
  }
plan-net-steps = { $n ->
    [one] { $n } more step to another compatible group
   *[other] { $n } more steps to another compatible group
  }
plan-net-transport = transport for SEK { $kr }
plan-group-without = Without these moves: { $list }.
plan-group-with = The price: { $list }.
plan-group-same = These moves do not change what any patient is given.
plan-group-worth = In all SEK { $kr } better than without them, by the plan's weights.
plan-one-without = Without just this departure: { $list }.
plan-one-shift = Without just this departure as many are missing, but at another place or on another day: { $n } in { $a } on { $on } instead of in { $b } on { $then }.
plan-one-swap = Just this departure can be replaced by another way, which is SEK { $kr } worse.
plan-one-swap-free = Just this departure can be replaced by another way that is as good.
plan-short-own = Without it: { $list }.
plan-short-group = Part of the moves of this group. Without them: { $list }.
plan-short-same = Saves transport or nights; does not change what any patient is given.
plan-all-of-group = All moves of this group
plan-just-this = Just this departure
plan-yes = Yes, { $what }
plan-no = No …
plan-other-number = Another number, more about it
plan-decide = Answer the proposal
plan-decided-by = { $from } or { $to } answers.
plan-measure = Measure
plan-alone = If nobody moves anything
plan-with = With the plan
plan-short = Units missing
plan-expired = Units expiring
plan-expiring = Units expected to expire soon after
plan-below = Units below minimum, summed over the days
plan-substituted = Units given in another compatible group
plan-sent = Units moved
plan-transport = Transport, kronor
plan-costs = Weights, assumed until the regions agree: a missing unit { $shortage } kr, an expired one { $expiry } kr, a unit below the minimum { $minimum } kr a day, one step to another group { $substitution } kr.
plan-exact = No plan is better with these weights.
plan-bound = No plan can be more than { $kr } kr better with these weights.
plan-need-forecast = forecast from what was used, with weekdays and holidays
plan-need-used = mean of what was used in the last eight weeks
plan-need-stated = stated for the site
plan-need-shared = the region's figure, shared out by stock (assumption)
plan-by-system = according to { $system },
plan-groups-of = { $n } of { $of } blood groups
plan-no-place = No site has both known stock and known need of any blood group.
plan-there = Free units
plan-a-day = A day
plan-days-of = Days
plan-need = The need comes from
plan-age = Known
plan-left = Left out of the plan
plan-left-means = The plan counts none of this, neither as stock nor as need. Unknown is not zero.
plan-left-why = Why
plan-none-left = Nothing: stock and need are known for every group at every site.
plan-unknown-stock = nobody has said what lies there
plan-unknown-need = nobody has said what is needed there
plan-coming = { $n ->
    [one] { $n } unit is on its way and counts from the day it is expected.
   *[other] { $n } units are on their way and count from the day they are expected.
  }
plan-agreed = { $n ->
    [one] Somebody has said yes to { $n } unit already; it counts as moved.
   *[other] Somebody has said yes to { $n } units already; they count as moved.
  }
plan-late = { $n ->
    [one] { $n } unit is late and does not count until it has arrived.
   *[other] { $n } units are late and do not count until they have arrived.
  }
plan-departures = { $n ->
    [one] { $n } departure in the timetables.
   *[other] { $n } departures in the timetables.
  }
plan-assumed = Assumed: { $n } units in a box; of units in other systems those expire within a week that the system says so of, the rest after the days the plan looks at (platelets after four days).
plan-decide-title = Answer a proposal
plan-then-telephone = If you say yes it is noted here, and somebody telephones: another system keeps the sender’s stock.
plan-then-offer = If you say yes the other region is offered the units. They are sent when it has answered.
plan-then-ask = If you say yes the other region is asked for the units. They are sent when it has answered.
plan-accept = Yes
plan-refuse = No
plan-refuse-means = The plan is computed without this way, here and in the other regions, through the day you state.
plan-not-yours = A coordinator or biomedical scientist of one of the two regions answers here.
plan-how-many = Number of units
plan-note = Note
plan-note-hint = Needed if the number is another than proposed. Stays in the region.
plan-accept-do = Accept the proposal
plan-until = Through
plan-all-groups = For all blood groups
plan-reason = Why not?
plan-reason-hint = For instance: a large operation is planned for the weekend.
plan-refuse-do = Refuse the proposal
plan-of = { $n } of { $of } proposed
plan-outcome-offered = Offer to the other region
plan-outcome-asked = Question to the other region
plan-outcome-telephone = To telephone about
plan-when = When
plan-what = What
plan-followed = Led to
plan-none-said = No proposal was accepted in the last month.
plan-closed = Ways closed to the plan
plan-through = through { $day }
plan-reopen = Allow again
plan-all = All groups
done-accept-move = The proposal is accepted.
done-refuse-move = The proposal is refused. The plan is computed without that way.
done-reopen-arc = The way is allowed again.
refusal-web-plan_impossible = The plan cannot be computed: { $detail }
refusal-web-plan_changed = The proposal is no more: things have changed since the page was shown. Open the plan again and see what it says now.
plan-use-lead = What is used day by day. It is what the forecast and the proposals reckon with.
plan-use-taken = { $n ->
    [one] { $n } row is recorded.
   *[other] { $n } rows are recorded.
  }
plan-use-none = No use is known
plan-use-none-text = It is counted where transfusions are recorded in Samband, and can be reported from other systems by a file.
plan-use-days = The last eight weeks
plan-use-sources = Sources
plan-use-report = Report use from a file
plan-show = Show
plan-use-chart = Units a day, all groups. A gap is days that nobody knows about.
plan-use-table = By blood group
plan-use-known = Known days
plan-use-sum = Units
plan-use-most = Most in a day
plan-use-unknown = Nothing is known of these weeks.
plan-use-own = Transfusions in the region’s record, from { $day }
plan-use-report-lead = All or nothing is read in. If a later file says otherwise of the same days, it holds.
plan-use-do = Read in
plan-use-source = Source
plan-use-source-hint = For instance: ProSang, issues 1 Dec. Needed if the file does not say so.
plan-use-from = First day that the file covers
plan-use-from-hint = Empty means the first row. Covered days without a row had no use.
plan-use-to = Last day that the file covers
plan-use-form = One row per day, place, component and group. An empty group means all groups. Above the headings there may be “source; ProSang, issues”.
situation-moves = Today's proposals to move units
situation-moves-none = No proposals that concern your region
situation-moves-none-text = No move to or from the region is worth the transport in the coming days, as far as stock and need are known.
situation-moves-all = All proposals and what they rest on
situation-moves-left = { $component }: { $n } of { $of } sites have groups left out of the plan, as stock or need is unknown.
situation-moves-no-plan = { $component }: no plan can be computed.
situation-moves-which = Show which: { $component }
situation-moves-more = { $n ->
    [one] … and { $n } more proposal, less urgent.
   *[other] … and { $n } more proposals, less urgent.
  }
