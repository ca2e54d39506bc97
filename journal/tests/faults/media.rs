//! Media that are full, read-only or exchanged.

use std::path::{Path, PathBuf};
use std::process::Command;

use samband_journal::Store;
use samband_journal::store::StoreError;

use crate::common::{Pen, block_on, sqlite, verify, written};

/// Writes until nothing more goes in; then everything that was confirmed must be there.
async fn fill(store: Store) -> (Store, Pen, u64) {
    let term = store.take_writer().await.unwrap();
    let mut pen = Pen::new("skane");
    let mut confirmed = 0;
    for _ in 0..200 {
        let mut next = pen.clone();
        match store.append(term, &next.write(64)).await {
            Ok(()) => {
                pen = next;
                confirmed += 64;
            }
            Err(error) => {
                assert!(matches!(error, StoreError::Full(_)), "{error:?}");
                assert!(confirmed > 0);
                assert_eq!(verify(&store, &pen.journal).await, Ok(confirmed));
                return (store, pen, confirmed);
            }
        }
    }
    panic!("the disk never became full");
}

#[test]
fn a_file_that_may_not_grow_loses_nothing() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samband.db");
        let limited = Store::open_sqlite_limited(&path, Some(200)).await.unwrap();
        let (store, mut pen, confirmed) = fill(limited).await;
        store.close().await;
        let store = Store::open_sqlite(&path).await.unwrap();
        let term = store.take_writer().await.unwrap();
        store.append(term, &pen.write(64)).await.unwrap();
        assert_eq!(verify(&store, &pen.journal).await, Ok(confirmed + 64));
    });
}

/// What only root can bring about. `cargo xtask verify` runs it where it may, and counts it as
/// skipped where it may not.
mod needs_root {
    use super::*;

    /// A small disk that is unmounted when we are done.
    struct SmallDisk(PathBuf);

    impl SmallDisk {
        fn mount(path: &Path) -> Self {
            let mut mount = Command::new("mount");
            mount.args(["-t", "tmpfs", "-o", "size=3m", "samband-test"]).arg(path);
            let output = mount.output().expect("mount runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Self(path.to_owned())
        }
    }

    impl Drop for SmallDisk {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(&self.0).output();
        }
    }

    #[test]
    #[ignore = "mounts a small disk: needs root, run cargo xtask verify as root"]
    fn a_full_disk_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let disk = SmallDisk::mount(folder.path());
        block_on(async {
            let path = disk.0.join("samband.db");
            let (store, mut pen, confirmed) = fill(Store::open_sqlite(&path).await.unwrap()).await;
            store.reconnect().await.unwrap();
            assert_eq!(verify(&store, &pen.journal).await, Ok(confirmed));
            let mut grow = Command::new("mount");
            grow.args(["-o", "remount,size=12m"]).arg(&disk.0);
            assert!(grow.status().unwrap().success());
            let term = store.take_writer().await.unwrap();
            store.append(term, &pen.write(64)).await.unwrap();
            assert_eq!(verify(&store, &pen.journal).await, Ok(confirmed + 64));
            store.close().await;
        });
    }
}

#[test]
#[cfg(unix)]
fn what_may_not_be_written_is_refused_as_such() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    const INNER: &str = "SAMBAND_TEST_READ_ONLY";
    const NAME: &str = "media::what_may_not_be_written_is_refused_as_such";
    const NOBODY: u32 = 65534;

    let refused = |path: &Path| {
        let refused = block_on(Store::open_sqlite(path));
        assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{}: {refused:?}", path.display());
    };
    if let Ok(folder) = std::env::var(INNER) {
        for name in ["locked/samband.db", "locked/new.db", "open/samband.db"] {
            refused(&Path::new(&folder).join(name));
        }
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(folder.path(), 0o755);
    for (name, folder_mode) in [("locked", 0o555), ("open", 0o777)] {
        let inside = folder.path().join(name);
        std::fs::create_dir(&inside).unwrap();
        let path = inside.join("samband.db");
        block_on(async {
            let store = Store::open_sqlite(&path).await.unwrap();
            written(&store, "skane", 3).await;
            store.close().await;
        });
        mode(&path, 0o444);
        mode(&inside, folder_mode);
    }
    // Nothing is read-only to the administrator; somebody without rights has to look.
    let program = folder.path().join("again");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mut again = Command::new(&program);
    again.args(["--exact", NAME]).env(INNER, folder.path()).current_dir("/");
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" {
        again.uid(NOBODY).gid(NOBODY);
    }
    let output = again.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    mode(&folder.path().join("locked"), 0o755);
}

#[test]
#[cfg(unix)]
fn a_file_put_in_the_place_of_ours_gets_none_of_our_records() {
    block_on(async {
        let (ours, theirs) = (sqlite().await, sqlite().await);
        let (term, mut pen) = written(&ours.store, "skane", 5).await;
        let (_, other) = written(&theirs.store, "skane", 9).await;
        let copy = theirs.path("copy.db");
        theirs.store.copy_to_sqlite(&copy).await.unwrap();

        std::fs::rename(&ours.url, ours.path("away.db")).unwrap();
        for moved in [false, true] {
            if moved {
                std::fs::rename(&copy, &ours.url).unwrap();
            }
            let refused = ours.store.append(term, &pen.clone().write(1)).await;
            assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        }
        for ending in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", ours.url));
        }
        // Opened again it is another past, which no head of ours fits.
        let store = ours.again().await;
        assert_eq!(verify(&store, &other.journal).await, Ok(9));
        let term = store.take_writer().await.unwrap();
        let refused = store.append(term, &pen.write(1)).await;
        assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
        assert_eq!(verify(&store, &other.journal).await, Ok(9));
    });
}

#[test]
fn another_program_that_holds_the_file_is_waited_for_and_then_told_of() {
    block_on(async {
        let place = sqlite().await;
        let (term, mut pen) = written(&place.store, "skane", 3).await;
        let other = sqlx::SqlitePool::connect(&place.url).await.unwrap();
        let holding = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let refused = place.store.append(term, &pen.clone().write(1)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        holding.rollback().await.unwrap();
        place.store.append(term, &pen.write(1)).await.unwrap();
        assert_eq!(verify(&place.store, &pen.journal).await, Ok(4));
    });
}

#[test]
fn closing_waits_for_what_is_being_written_back() {
    block_on(async {
        let place = sqlite().await;
        let (term, mut pen) = written(&place.store, "skane", 1).await;
        // Each is more than makes the log be written back beside the next.
        for _ in 0..3 {
            place.store.append(term, &pen.write(5_000)).await.unwrap();
        }
        place.store.clone().close().await;
        let log = format!("{}-wal", place.url);
        assert!(!Path::new(&log).exists(), "somebody still has the file open");
        let store = place.again().await;
        assert_eq!(verify(&store, &pen.journal).await, Ok(15_001));
    });
}
