# Blodbussen: arbete hemifrån
action-lend_bus = låna ut givare och tappningsnummer till en blodbuss
action-take_loan = ta över det regionen lånat ut till bussen
kind-mobile-lent = Givare och nummer utlånade till buss
kind-mobile-taken = Lånet taget på bussen
kind-mobile-reported = Rapporterat hem från bussen
kind-mobile-adopted = Bussens rapport införd
kind-donor-lent = Givare lånad från hemregionen
refusal-mobile-over = Lånet gick ut { $until }. Välj en senare tidpunkt, eller be regionen om ett nytt lån.
refusal-mobile-over-rule = Ett lån har ett slut, så att ingen arbetar efter en gammal lista.
refusal-mobile-nobody = Ett lån gäller 1–{ $most } givare, inte { $donors }.
refusal-mobile-nobody-rule = En buss arbetar med den lista av givare som regionen lånat ut.
refusal-mobile-merged = Givaren { $donor } har slagits ihop med en annan. Låna ut den posten i stället.
refusal-mobile-merged-rule = En människa är en givare, med en historia.
refusal-mobile-no_loan = Det finns inget lån från { $journal } till den här bussen. Vänta tills bussen har hämtat regionens journal, eller be regionen låna ut igen.
refusal-mobile-no_loan-rule = En buss arbetar med det som dess region har lånat ut.
refusal-mobile-no_report = Rapporten från { $journal } finns inte här, eller är inte ställd till den här regionen.
refusal-mobile-no_report-rule = Det bussen gjort kommer hem som rapporter.
refusal-mobile-order = Rapporten { $record } är redan införd.
refusal-mobile-order-rule = Rapporter förs in i sin ordning, och en gång.
refusal-mobile-across_modes = { $journal } är av ett annat slag (verklig drift, övning eller demo). De blandas inte.
refusal-mobile-across_modes-rule = Verklig drift, övning och demo blandas aldrig.
done-lend-bus = Lånet är utlagt. Bussen kan ta det när den har hämtat regionens journal.
done-take-loan = Lånet är taget. Givare, nummer och regler finns nu på bussen.
nav-bus = Blodbuss
bus-title = Blodbussar
bus-lead = Bussen arbetar med en egen journal, även utan nät. Här lånar regionen ut givare och nummer, och ser hur mycket av bussens arbete som kommit hem.
bus-title-away = På bussen
bus-lead-away = Allt som görs här förs in i bussens egen journal och rapporteras hem så snart det finns nät.
bus-none = Ingen buss har en egen journal här
bus-none-text = En buss öppnar sin journal med ”samband body add --mobile-unit” och blir granne med regionen, på samma sätt som två regioner.
bus-units = Bussar
bus-unit = Buss
bus-lent = Utlånat
bus-until = Till och med
bus-home = Hemkommet
bus-waiting = { $n ->
    [one] 1 rapport väntar
   *[other] { $n } rapporter väntar
}
bus-conflicts = { $n ->
    [one] 1 stämde inte
   *[other] { $n } stämde inte
}
bus-all-home = Allt är hemma
bus-nothing-lent = inget
bus-lent-donors = { $n ->
    [one] 1 givare
   *[other] { $n } givare
}
bus-not-agreed = Stämde inte när det kom hem
bus-conflict-number_used = Tappningsnumret fanns redan: båda tappningarna är spärrade.
bus-conflict-not_lent = Gjort utan lån, eller efter att lånet gick ut.
bus-conflict-donor_known = Givaren fanns redan hemma; tappningen fördes dit.
bus-conflict-donor_unknown = Givaren är okänd hemma; tappningen är spärrad.
bus-conflict-unreadable = Skrivet av ett nyare program; kunde inte läsas här.
bus-lend = Låna ut till bussen
bus-lend-do = Låna ut
bus-site = Bussen som plats i regionen
bus-site-hint = Platsens tappningsnummer följer med lånet.
bus-donors = Givare
bus-donors-hint = En kallelselista, eller alla som är bokade ett pass.
bus-from-list = Kallelselista: { $name } ({ $n })
bus-from-session = Bokade: { $site }, { $day }
bus-take = Ett lån väntar
bus-take-do = Ta lånet
bus-from = Från
bus-own-site = Bussens plats
bus-loan-until = Lånet gäller till
bus-loan-over = har gått ut
bus-no-loan = Inget lån
bus-no-loan-text = Be regionen låna ut givare och nummer, och låt bussen hämta regionens journal.
bus-to-donors = Givare
bus-to-collect = Ny tappning
