//! The journal as a file: one record a line, as it is exchanged and verified.

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::{JournalId, RecordRef};
use samband_journal::Wire;
use samband_journal::store::{Store, StoreError};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::{Asked, asked_for};
use crate::app::{App, Problem, Visitor};

/// Records read at a time.
const CHUNK: u32 = 500;

/// Chunks that may wait for a slow reader.
const WAITING: usize = 4;

/// Answers `GET /journal/export`: every epoch from its genesis to the last record there is now.
pub(super) async fn ndjson(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let id = asked_for(&visitor, asked.region.as_deref())?;
    visitor.permit(&app, Action::ExportJournal, &id)?;
    let world = app.engine.world();
    let journal = world.journal(&id).ok_or_else(|| Problem::not_found(id.as_str()))?;
    let head = journal.head().ok_or_else(|| Problem::not_found(id.as_str()))?;
    let (sender, lines) = mpsc::channel(WAITING);
    let store = app.engine.store().clone();
    let journal = id.clone();
    tokio::spawn(async move {
        if let Err(error) = write(&store, &journal, &head, &sender).await {
            tracing::error!(%journal, %error, "the export stopped");
            // A broken body tells the reader that the file is not whole.
            let _ = sender.send(Err(error)).await;
        }
    });
    let name = format!("attachment; filename=\"samband-{id}.ndjson\"");
    let headers = [(CONTENT_TYPE, "application/x-ndjson".to_owned()), (CONTENT_DISPOSITION, name)];
    let body = Body::from_stream(ReceiverStream::new(lines));
    Ok((headers, body).into_response())
}

async fn write(
    store: &Store,
    journal: &JournalId,
    head: &RecordRef,
    sender: &mpsc::Sender<Result<Bytes, StoreError>>,
) -> Result<(), StoreError> {
    for epoch in 1..=head.epoch {
        let mut after = 0;
        loop {
            let records = store.read(journal, epoch, after, CHUNK).await?;
            let Some(last) = records.last() else { break };
            after = last.seq;
            let beyond = |seq| epoch == head.epoch && seq > head.seq;
            let mut text = String::new();
            for record in records {
                if beyond(record.seq) {
                    break;
                }
                text.push_str(&Wire::line(record));
                text.push('\n');
            }
            if sender.send(Ok(Bytes::from(text))).await.is_err() {
                // Nobody reads any more.
                return Ok(());
            }
        }
    }
    Ok(())
}
