//! Questions between regions, as pages and interface answer them.

use samband_domain::RecordRef;
use samband_engine::World;

use super::Problem;

/// Whether whoever asked still wants to know: what nobody needs any more is not told.
///
/// # Errors
/// A problem if the question was taken back, as far as it is known here.
pub fn still_asked(world: &World, ask: &RecordRef) -> Result<(), Problem> {
    let asker = world.journal(&ask.journal).map(|journal| &journal.shared().patients);
    let mut questions = asker.into_iter().flat_map(|shared| shared.questions.iter());
    let back = questions.find(|(_, one)| one.at == *ask && one.withdrawn.is_some());
    match back {
        Some((name, _)) => {
            Err(Problem::unprocessable("disclosure.withdrawn").fact("ask", name.to_string()))
        }
        None => Ok(()),
    }
}
