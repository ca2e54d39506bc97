# Settlement: who pays whom, and the agreement about joint supply
action-state_homes = state which regions patients live in
kind-plan-homes_stated = Patients' home regions stated
kind-agreement-terms_proposed = Agreement with prices and keys proposed
kind-agreement-terms_signed = Agreement with prices and keys signed
refusal-plan-homes = The report does not add up ({ $field }: { $value }). The month must be over, each row stands once with at least one unit, the region's own patients are not listed, and an unknown home region has no price of care.
refusal-plan-homes-rule = Who bears the cost follows from who was given the blood.
refusal-agreement-terms = The prices and keys do not add up ({ $field }: { $value }). Keys must sum to 100 per cent, every component have one price, every cost a party that pays, and the agreement must be about joint supply.
refusal-agreement-alarm_terms = The terms of alarms cannot be agreed on like that ({ $field }: { $value }). Stock is shared among those who cooperate, names and numbers never leave the own region, and transports are at most 50.
refusal-agreement-alarm_terms-rule = Nothing is agreed on that the program does not hold.
refusal-agreement-terms-rule = An economic model with keys that every party has signed.
refusal-web-settlement_no_agreement = There is no agreement with prices and keys to settle by. Propose one under Agreements.
refusal-web-settlement_unsigned = Not every party has signed the agreement. Ask those who are missing to sign.
refusal-web-settlement_not_through = No signed agreement holds through the whole period. Choose a period within it, or propose a new agreement.
settlement-title = Settlement
settlement-lead = Who pays whom for what really was received between the regions, by an agreement that every party has signed.
settlement-kr = { $kr } kr
settlement-from = First day
settlement-to = Last day
settlement-last-month = The last whole month
settlement-this-month = This month so far
settlement-agreement = Agreement
settlement-signed = Signed by all
settlement-prices = Price of a unit
settlement-keys = Keys
settlement-keys-are = population { $population } %, use { $use } %, equal parts { $equal } %
settlement-key = Key
settlement-key-mix = the agreement's mix
settlement-key-population = population
settlement-key-use = use
settlement-key-equal = equal parts
settlement-running = The period is not over. The figures are preliminary, and what is laid out for all counts only when the month is over.
settlement-lacks-none = This shows what was received, and nothing is settled: no region has proposed an agreement with prices and keys. A director does so here:
settlement-lacks-signature = This shows what was received, and nothing is settled: the agreement waits for a signature from { $regions }. Read and sign:
settlement-lacks-days = This shows what was received, and nothing is settled: the agreement holds { $from }–{ $until } and does not cover the whole period. Choose another period, or propose a new agreement. See
settlement-open-ended = until further notice
settlement-pays = Who pays whom
settlement-nothing-owed = Nobody owes anybody anything for the period.
settlement-payment = { $from } pays { $to }: { $kr }
settlement-payments-note = As few payments as possible that bring every account to zero. Who owes whom for what stands in the entries.
settlement-accounts = Accounts
settlement-units = Units
settlement-carriage = Carriage
settlement-joint = Joint costs
settlement-care-price = Carried by the price of care
settlement-balance = To receive or pay
settlement-sum = Sum
settlement-accounts-note = Plus is to receive, minus is to pay. All accounts always sum to exactly zero. What the price of care carries already is for information and is not settled.
settlement-entries = Entries
settlement-no-entries = Nothing in the period gives an entry.
settlement-day = Day
settlement-creditor = Receives
settlement-debtor = Pays
settlement-what = What
settlement-amount = Amount
settlement-source = Source
settlement-by-agreement = the agreement
settlement-late = recorded after the period
settlement-corrected = put right
settlement-line-units = { $n ->
    [one] { $n } unit of { $component } at { $kr } kr
   *[other] { $n } units of { $component } at { $kr } kr
  }
settlement-line-carriage = { $n ->
    [one] Carriage, { $n } box at { $kr } kr
   *[other] Carriage, { $n } boxes at { $kr } kr
  }
settlement-line-home = { $n ->
    [one] { $n } unit of { $component } to a patient from { $home } in { $month }, at { $kr } kr
   *[other] { $n } units of { $component } to patients from { $home } in { $month }, at { $kr } kr
  }
settlement-line-joint = { $what }, { $month }
settlement-gaps = Not included
settlement-no-gaps = Everything known of the period is included.
settlement-gaps-all = Without an agreement nothing is included.
settlement-gap-not_known = { $region }: the region's journal is not known here. What it received is missing.
settlement-gap-not_heard = { $region }: the journal is known up to { $at }. What happened later may be missing.
settlement-gap-outside = { $n ->
    [one] { $n } unit
   *[other] { $n } units
  } from { $from } to { $to }: one of them is no party to the agreement.
settlement-gap-of_what = { $n ->
    [one] { $n } unit
   *[other] { $n } units
  } from { $from } to { $to }: it is not known which component it was.
settlement-gap-no_price = { $n ->
    [one] { $n } unit
   *[other] { $n } units
  } of { $component } from { $from } to { $to }: the agreement has no price for the component.
settlement-gap-no_carriage = Carriage: the agreement has no price for a box.
settlement-gap-boxes = Carriage from { $from } to { $to }: nobody has said how many boxes there were.
settlement-gap-homes_unsaid = { $region } has not stated where its patients live for { $month }. What was given there to others' patients is not settled.
settlement-gap-home_unknown = { $n ->
    [one] { $n } unit
   *[other] { $n } units
  } of { $component } in { $region }, { $month }: the patient's home region is unknown.
settlement-gap-home_outside = { $n ->
    [one] { $n } unit
   *[other] { $n } units
  } of { $component } in { $region }, { $month }, to patients from { $home }: that region is no party to the agreement.
settlement-gap-home_no_price = { $n ->
    [one] { $n } unit
   *[other] { $n } units
  } of { $component } in { $region }, { $month }, to patients from { $home }: the agreement has no price for the component.
settlement-gap-joint_people = { $what }: the number of inhabitants is not known for every party, so the cost cannot be shared.
settlement-gap-joint_use = { $what }: use is not known for every party and day, so the cost cannot be shared. Report it under Use.
settlement-moves = Received from other regions
settlement-no-moves = Nothing was received from another region
settlement-no-moves-text = No receipts between regions in the period. Choose another period above.
settlement-received = Received
settlement-from-place = From
settlement-to-place = To
settlement-boxes = Boxes
settlement-leg = Leg
settlement-receipt = Receipt
settlement-moves-note = Only what was received counts. Boxes count once, at the first receipt of a consignment.
settlement-homes = The patients' home region
settlement-homes-lead = Every month each region states how many units it gave to patients from other regions. Only numbers of units are told, never who.
settlement-no-homes = No region has stated anything for whole months of the period.
settlement-treated-in = Treated in
settlement-month = Month
settlement-month-hint = Year and month, for example 2026-10. The month must be over.
settlement-home = Home region
settlement-borne = Borne by
settlement-borne-by-care = the price of care, not settled
settlement-borne-by-home = the home region
settlement-borne-by-nobody = nobody, until the home region is known
settlement-homes-do = State home regions
settlement-homes-form-lead = How many units were given here in a month to patients who live in another region. The rest count as the region's own patients. A new report of the same month replaces the one before.
settlement-homes-source = For example: patient administration, extract of 3 Nov.
settlement-homes-rows = Units given to patients from other regions
settlement-homes-rows-hint = One line each: region; component; number. Add ; care price at the end if what the home region pays for the care holds the blood already, and write unknown as region where the home region is not known. Empty means that nobody came from another region.
settlement-homes-send = State
settlement-word-care = care price
settlement-word-unknown = unknown
settlement-example = Example
settlement-bad-row = Line { $line } cannot be read. Write region; component; number.
settlement-keys-lead = What the keys count. Use is units given to the region's own patients, wherever they were treated.
settlement-people = Inhabitants
settlement-people-source = Source
settlement-treated = Given in the region
settlement-known = Known days
settlement-days-known = { $n } of { $of }
settlement-used = To own patients
settlement-made = Worked out
done-state-homes = The home regions are stated.
supply-agreement-title = Propose an agreement on joint supply
supply-agreement-lead = Prices, keys and joint costs that a settlement can follow. It binds when every party has signed.
supply-agreement-terms = Prices and keys
supply-agreement-population = Key: population, per cent
supply-agreement-use = Key: use, per cent
supply-agreement-equal = Key: equal parts, per cent
supply-agreement-price = Kronor for a unit of { $component }
supply-agreement-price-hint = Empty means that the component is not settled.
supply-agreement-box = Kronor for a box
supply-agreement-box-hint = Empty means that carriage is not settled.
supply-agreement-no-box = not settled
supply-agreement-carriage = Who pays the carrier
supply-agreement-carriage-sender = The sender, and the receiver pays it back
supply-agreement-carriage-receiver = The receiver; nothing is settled
supply-agreement-home = Unknown home region in the key of use
supply-agreement-home-treated = counts where the care was given
supply-agreement-home-left_out = does not count at all
supply-agreement-joint = Laid out for all, every month
supply-agreement-joint-hint = One line each: what; region that pays; kronor a month. A key of its own may stand last: population, use or equal parts.
supply-agreement-bad-joint = Line { $line } cannot be read. Write what; region; kronor a month.
supply-agreement-not-money = Write kronor with at most two decimals.
supply-agreement-legs = Price of a box on single legs
supply-agreement-payer = Paid by
supply-agreement-a-month = A month
column-settlement = Settlement
column-day = day
column-creditor = receives
column-debtor = pays
column-ore = öre
column-receipt = record
column-after_period = recorded after the period
column-agreement = agreement
