//! temp
use samband_domain::*;
use samband_journal::store::*;
use samband_journal::*;
use std::time::Instant;
fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(run())
}
async fn run() {
    let url = std::env::args().nth(1).unwrap();
    let n: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let size: usize = std::env::args().nth(3).unwrap().parse().unwrap();
    let store = if url.starts_with("postgres") { Store::open_postgres(&url).await.unwrap() } else {
        for e in ["", "-wal", "-shm"] { let _ = std::fs::remove_file(format!("{url}{e}")); }
        Store::open_sqlite(std::path::Path::new(&url)).await.unwrap() };
    let term = store.take_writer().await.unwrap();
    let journals: Vec<JournalId> = ["blekinge", "halland", "kronoberg", "skane"].iter().map(|j| j.parse().unwrap()).collect();
    let actor: ActorId = "a-1".parse().unwrap();
    let mut heads: Vec<Option<(RecordRef, Time)>> = vec![None; 4];
    let shared = format!("{{\"x\":\"{}\"}}", "å".repeat(size / 2));
    let mut append = std::time::Duration::ZERO;
    let mut slow = std::time::Duration::ZERO;
    let mut done = 0u64;
    while done < n {
        let mut batch = Batch::default();
        for k in 0..1024u64 {
            let j = (done + k) as usize % 4;
            let prev = heads[j].clone();
            let seq = prev.as_ref().map_or(1, |p| p.0.seq + 1);
            let hash = prev.as_ref().map_or(Digest::ZERO, |p| p.0.hash);
            let event = Encoded { kind: if seq == 1 { "journal.opened" } else { "x.y" }, version: 1, shared: Some(shared.clone()), private: (k % 10 == 0).then(|| "{\"n\":\"x\"}".into()) };
            let t = Time((done + k) as i64);
            let author = Author { happened: t, actor: &actor, mandate: None, cause: &[] };
            let r = Record::next((&journals[j], 1, seq), &hash, t, event, author, [7; 32]);
            let at = r.at();
            match batch.heads.iter_mut().find(|h| h.journal == journals[j]) {
                Some(h) => { h.to = at.clone(); h.recorded = t; }
                None => batch.heads.push(HeadMove { journal: journals[j].clone(), from: prev.map(|p| p.0), to: at.clone(), recorded: t, local: true }),
            }
            let who: ActorId = format!("p-{}", (done + k) * 7919 % 5000).parse().unwrap();
            batch.subjects.push((Subject::person(&who), at.clone()));
            heads[j] = Some((at, t));
            batch.records.push(r);
        }
        batch.commands.push(StoredCommand { actor: actor.clone(), key: format!("k{done}"), digest: Digest::ZERO, first: None, count: 1024 });
        let s = Instant::now();
        store.append(term, &batch).await.unwrap();
        let e = s.elapsed();
        append += e;
        slow = slow.max(e);
        done += 1024;
    }
    println!("append {done} records: {:.2} s, {:.0}/s, slowest batch {:?}", append.as_secs_f64(), done as f64 / append.as_secs_f64(), slow);
    for chunk in [1024, 4096] {
    let s = Instant::now();
    let mut total = 0;
    for j in &journals {
        let mut after = 0;
        loop {
            let r = store.read(j, 1, after, chunk).await.unwrap();
            if r.is_empty() { break; }
            total += r.len();
            after = r.last().unwrap().seq;
        }
    }
    println!("read {total} by {chunk}: {:.2} s, {:.0}/s", s.elapsed().as_secs_f64(), total as f64 / s.elapsed().as_secs_f64());
    }
    let s = Instant::now();
    let mut total = 0;
    for j in &journals {
        let mut chain = Chain::before(j.clone());
        loop {
            let r = store.read(j, 1, chain.seq, 1024).await.unwrap();
            if r.is_empty() { break; }
            total += r.len();
            for r in &r { chain.extend(r).unwrap(); }
        }
    }
    println!("verify {total}: {:.2} s", s.elapsed().as_secs_f64());
    let s = Instant::now();
    for i in 0..200u64 {
        let who: ActorId = format!("p-{}", i * 13 % 5000).parse().unwrap();
        let r = store.about(&journals[(i % 4) as usize], &Subject::person(&who), None, 50).await.unwrap();
        std::hint::black_box(r);
    }
    println!("about: {:?} each", s.elapsed() / 200);
    let s = Instant::now();
    for _ in 0..200 { store.recent(&journals[0], None, 50).await.unwrap(); }
    println!("recent 50: {:?} each", s.elapsed() / 200);
    // small appends
    let s = Instant::now();
    for i in 0..500i64 {
        let prev = heads[0].clone().unwrap();
        let t = Time(done as i64 + i);
        let event = Encoded { kind: "x.y", version: 1, shared: Some(shared.clone()), private: None };
        let author = Author { happened: t, actor: &actor, mandate: None, cause: &[] };
        let r = Record::next((&journals[0], 1, prev.0.seq + 1), &prev.0.hash, t, event, author, [7; 32]);
        let at = r.at();
        let batch = Batch { heads: vec![HeadMove { journal: journals[0].clone(), from: Some(prev.0), to: at.clone(), recorded: t, local: true }], records: vec![r],
          subjects: vec![], commands: vec![StoredCommand { actor: actor.clone(), key: format!("s{i}"), digest: Digest::ZERO, first: Some(at.clone()), count: 1 }], erasures: vec![] };
        store.append(term, &batch).await.unwrap();
        heads[0] = Some((at, t));
    }
    println!("single appends: {:.0}/s", 500.0 / s.elapsed().as_secs_f64());
    if let Some(copy) = std::env::args().nth(4) { let s = Instant::now(); let _ = std::fs::remove_file(&copy); store.copy_to_sqlite(std::path::Path::new(&copy)).await.unwrap(); println!("copy {:?}", s.elapsed()); }
    let s = Instant::now(); store.check().await.unwrap(); println!("check {:?}", s.elapsed());
    store.close().await;
    if !url.starts_with("postgres") { println!("file {} MB", std::fs::metadata(&url).unwrap().len() / 1_000_000); }
}
