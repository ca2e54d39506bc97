# Samband, English. The same keys and variables stand in sv.ftl.

## General
unknown = unknown

## The frame around every page
layout-skip = Skip to the content
layout-nav = Main menu
layout-menu = Menu
layout-crumbs = You are here
layout-sign-out = Sign out
layout-demo-word = Demo
layout-demo-text = Invented people and accounts. Nothing here is a real record.
layout-exercise-word = Exercise
layout-exercise-text = This is an exercise. Nothing here is for real.
layout-made = Page shown { $time }.
layout-complement = Complements SOS Alarm, Rakel and telephone – never replaces them. Not CE-marked.
layout-about = About Samband

## Live updates
live-none = Updated when the page is loaded again.
live-on = Updated as it happens.
live-off = Connection lost at { $time } – the figures are from then.
live-updated = Updated at { $time }.

## Time and age
time-date-clock = { $date }, { $clock }
time-left = { $span } left
time-overdue = { $span } overdue
age-under-minute = under 1 min
age-minutes = { $n } min
age-hours = { $n } h
age-days = { $n } d
age-months = { $n } mo
age-years = { $n } yr
age-ahead = { $span } ahead of this clock

## Where figures come from
provenance-source = Source:
provenance-period-unknown = unknown period
provenance-age = { $age } old
provenance-age-unknown = unknown age
drawing-table = Show the figures as a table

## Tags
status-known = Known
status-unknown = Unknown
status-stale = Old
status-one-sided = One-sided
status-binding = Binding
status-gap = Gap
status-held = Held
status-ended = Ended
status-attention = Needs action
status-stopped = Stopped

## Notes and refusals
note-info = Good to know.
note-warning = Note.
note-done = Done.
refused-title = Refused
refused-rule = Rule
refused-source = Source

## Forms
form-problems = { $n ->
    [one] One field needs correcting
   *[other] { $n } fields need correcting
}

## Long lists
pages-label = Pages
pages-previous = Previous
pages-next = Next

## Import
steps-label = Steps
steps-done = done
import-rows-good = { $n ->
    [one] 1 row can be imported
   *[other] { $n } rows can be imported
}
import-rows-refused = { $n ->
    [one] 1 row refused
   *[other] { $n } rows refused
}
import-nothing-taken = Nothing is imported until every row is right.
import-ready = All rows are right. Nothing is imported yet.
import-bad-rows = Refused rows
import-line = Line
import-column = Column
import-value = Value
import-reason = Reason

## Charts and map
chart-goal = Goal { $value }
chart-of = { $label }: { $value }
map-legend = Legend
