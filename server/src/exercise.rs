//! Exercises: their own journals, their own process, their own credentials; never anybody's real
//! ones.

mod make;
mod real;
pub mod story;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use samband_domain::words::Day;
use samband_engine::Engine;

use crate::cli::Data;
use crate::operate::{Say, line};

/// `exercise`
#[derive(Debug, Subcommand)]
pub enum ExerciseCommand {
    /// Make an exercise from an installation: regions, sites, people on duty and a snapshot of
    /// capacity, in new journals with new keys. Nothing goes back.
    Make(Make),
    /// Let the exercise of seven regions go by itself in a running exercise server, at its own
    /// pace: twenty-five minutes.
    Story {
        #[command(flatten)]
        data: Data,
    },
}

/// `exercise make`
#[derive(Debug, Args)]
pub struct Make {
    /// Data directory that is copied from; it is only read.
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// New data directory of the exercise; it must not exist.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// What the exercise is called.
    #[arg(long)]
    pub title: String,
    /// Who leads it.
    #[arg(long)]
    pub leader: String,
    /// Its last day; it ends by itself.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: Day,
    /// File of telephone numbers and addresses that it may reach, one a line. Nobody else is
    /// reached, and who is not on it stands on no roster.
    #[arg(long, value_name = "FILE")]
    pub allow: PathBuf,
    /// Address of the real installation, e.g. `https://samband.example`: while an alarm runs there,
    /// or nobody knows whether one does, the exercise sends nothing.
    #[arg(long, value_name = "URL")]
    pub real: Option<String>,
}

pub use make::snapshot;
pub use real::Gate;

/// Plays the story in a running server and tells every step.
///
/// # Errors
/// If a journal is no exercise's, or a command is refused.
pub async fn tell_story(engine: &Engine, say: &Say) -> Result<()> {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let play = async {
        let live = story::Live(tokio::time::Instant::now());
        let outcome = story::play(engine, &live, |step| drop(tell.send(step))).await;
        drop(tell);
        outcome
    };
    let lines = async {
        while let Some(step) = told.recv().await {
            line(say, step).await?;
        }
        anyhow::Ok(())
    };
    let (played, heard) = tokio::join!(play, lines);
    heard?;
    played
}

/// Makes an exercise.
///
/// # Errors
/// If the target exists, or something cannot be read or copied.
pub async fn make(options: &Make) -> Result<()> {
    make::make(options).await
}
