//! Long computations: asked for once, shown while they run, stopped by whoever asked, kept for
//! those who ask the same again. One runs at a time, so that the writer keeps a core for itself.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use samband_domain::Time;
use samband_planning::progress::{Progress, Stopped};

/// Most questions that wait or run at once.
pub const WAITING_MAX: usize = 8;

/// Answers that are kept.
pub const KEPT_MAX: usize = 32;

/// How a question stands.
#[derive(Debug)]
pub enum Standing<A> {
    /// Nobody asked it, or its answer was forgotten.
    Unasked,
    /// Others are before it.
    Waiting {
        /// How many.
        ahead: usize,
    },
    /// It is being computed.
    Running {
        /// Steps done, and steps of the whole (0: not known yet).
        so_far: (u64, u64),
        /// When it began.
        since: Time,
    },
    /// There is an answer.
    Done {
        /// The answer, or why there is none.
        answer: Arc<Result<A, String>>,
        /// When it was ready.
        at: Time,
    },
}

/// Too many questions wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// The computations of one kind.
#[derive(Debug)]
pub struct Jobs<Q, A>(Arc<Mutex<Inner<Q, A>>>);

impl<Q, A> Clone for Jobs<Q, A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<Q, A> Default for Jobs<Q, A> {
    fn default() -> Self {
        let (open, kept) = (VecDeque::new(), VecDeque::new());
        Self(Arc::new(Mutex::new(Inner { open, kept, busy: false })))
    }
}

type Work<A> = Box<dyn FnOnce(&Progress) -> Result<Result<A, String>, Stopped> + Send>;

/// A question, its answer, and when it was ready.
type Kept<Q, A> = (Q, Arc<Result<A, String>>, Time);

struct Open<Q, A> {
    question: Q,
    progress: Arc<Progress>,
    /// When it was asked, and from then on when it began.
    since: Time,
    work: Option<Work<A>>,
}

struct Inner<Q, A> {
    /// The first runs if `busy`.
    open: VecDeque<Open<Q, A>>,
    kept: VecDeque<Kept<Q, A>>,
    busy: bool,
}

impl<Q, A> std::fmt::Debug for Inner<Q, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} open, {} kept", self.open.len(), self.kept.len())
    }
}

impl<Q, A> Jobs<Q, A>
where
    Q: Clone + PartialEq + Send + 'static,
    A: Send + Sync + 'static,
{
    fn inner(&self) -> MutexGuard<'_, Inner<Q, A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How a question stands.
    #[must_use]
    pub fn standing(&self, question: &Q) -> Standing<A> {
        let inner = self.inner();
        if let Some((_, answer, at)) = inner.kept.iter().find(|(of, ..)| of == question) {
            return Standing::Done { answer: Arc::clone(answer), at: *at };
        }
        let place = inner.open.iter().position(|open| open.question == *question);
        match place {
            Some(0) => {
                let first = &inner.open[0];
                Standing::Running { so_far: first.progress.so_far(), since: first.since }
            }
            Some(ahead) => Standing::Waiting { ahead },
            None => Standing::Unasked,
        }
    }

    /// Asks a question that nobody asked yet; `now` tells the time when the answer is ready. Needs
    /// a running tokio.
    ///
    /// # Errors
    /// [`Full`] if too many wait.
    pub fn ask(
        &self,
        question: Q,
        now: impl Fn() -> Time + Send + 'static,
        work: impl FnOnce(&Progress) -> Result<Result<A, String>, Stopped> + Send + 'static,
    ) -> Result<(), Full> {
        let mut inner = self.inner();
        let known = inner.open.iter().any(|open| open.question == question)
            || inner.kept.iter().any(|(of, ..)| *of == question);
        if known {
            return Ok(());
        }
        if inner.open.len() >= WAITING_MAX {
            return Err(Full);
        }
        let (progress, work) = (Arc::default(), Some(Box::new(work) as Work<A>));
        inner.open.push_back(Open { question, progress, since: now(), work });
        if !inner.busy {
            inner.busy = true;
            let jobs = self.clone();
            tokio::task::spawn_blocking(move || jobs.work_off(now));
        }
        Ok(())
    }

    /// Stops a question, running or waiting; nothing of it is kept.
    pub fn stop(&self, question: &Q) {
        let mut inner = self.inner();
        match inner.open.iter().position(|open| open.question == *question) {
            // The worker takes it away when it notices.
            Some(0) => inner.open[0].progress.stop(),
            Some(place) => drop(inner.open.remove(place)),
            None => {}
        }
    }

    fn work_off(&self, now: impl Fn() -> Time) {
        loop {
            let (work, progress) = {
                let mut inner = self.inner();
                let Some(first) = inner.open.front_mut() else {
                    inner.busy = false;
                    return;
                };
                first.since = now();
                (first.work.take(), Arc::clone(&first.progress))
            };
            let run = || work.map(|work| work(&progress));
            // A defect in one computation must not keep the others from running.
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
            let mut inner = self.inner();
            let Some(done) = inner.open.pop_front() else { continue };
            let answer = match outcome {
                Ok(Some(Ok(answer))) => answer,
                Ok(Some(Err(Stopped)) | None) => continue,
                Err(_) => Err("defect".to_owned()),
            };
            inner.kept.push_back((done.question, Arc::new(answer), now()));
            while inner.kept.len() > KEPT_MAX {
                inner.kept.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    async fn settled<A: Send + Sync + 'static>(jobs: &Jobs<u8, A>, question: u8) -> Standing<A> {
        for _ in 0..1_000 {
            match jobs.standing(&question) {
                Standing::Waiting { .. } | Standing::Running { .. } => {
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
                other => return other,
            }
        }
        panic!("it never ends")
    }

    #[tokio::test]
    async fn an_answer_is_kept_a_stop_leaves_nothing_and_a_defect_harms_nobody_else() {
        let jobs = Jobs::<u8, u8>::default();
        let (go, wait) = channel::<()>();
        let slow = move |progress: &Progress| {
            wait.recv().ok();
            progress.step().map(|()| Ok(1))
        };
        jobs.ask(1, || Time(7), slow).unwrap();
        jobs.ask(2, || Time(7), |_| panic!("a defect")).unwrap();
        jobs.ask(3, || Time(7), |_| Ok(Ok(3))).unwrap();
        assert!(matches!(jobs.standing(&1), Standing::Running { .. }));
        assert!(matches!(jobs.standing(&3), Standing::Waiting { ahead: 2 }));
        jobs.stop(&1);
        go.send(()).unwrap();
        assert!(matches!(settled(&jobs, 1).await, Standing::Unasked));
        let Standing::Done { answer, .. } = settled(&jobs, 2).await else { panic!("it ended") };
        assert!(answer.is_err());
        let Standing::Done { answer, at } = settled(&jobs, 3).await else { panic!("it ended") };
        assert_eq!((answer.as_ref(), at), (&Ok(3), Time(7)));
    }

    #[tokio::test]
    async fn no_more_wait_than_can_be_served() {
        let jobs = Jobs::<usize, u8>::default();
        let (go, wait) = channel::<()>();
        let slow = move |_: &Progress| {
            wait.recv().ok();
            Ok(Ok(0))
        };
        jobs.ask(0, || Time(0), slow).unwrap();
        for n in 1..WAITING_MAX {
            jobs.ask(n, || Time(0), |_| Ok(Ok(0))).unwrap();
        }
        assert_eq!(jobs.ask(99, || Time(0), |_| Ok(Ok(0))), Err(Full));
        assert_eq!(jobs.ask(0, || Time(0), |_| Ok(Ok(0))), Ok(()), "asked already");
        go.send(()).unwrap();
    }
}
