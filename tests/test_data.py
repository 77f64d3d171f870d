"""The data room: the right data or a message that mends, never a wrong array. Harm is done to copies only."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from vaelab import datasets
from vaelab.datasets import DataError
from vaelab.datasets.idx import FILES, read_idx

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ["CHECKSUMS", "mnist.npz", "fashion_mnist.npz", "making.py", "prepare.py", "make_mnist.py"]
TRAIN_SIZE, TEST_SIZE = 76_715_561, 51_107_774


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A course's data/ folder of our own, and a cache folder of our own."""
    folder = tmp_path / "course" / "data"
    folder.mkdir(parents=True)
    for name in SHIPPED:
        shutil.copy(ROOT / "data" / name, folder)
    monkeypatch.setenv("VAELAB_DATA", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture(scope="module")
def csv_files(tmp_path_factory):
    """The two CSV files, made on first use beside a copy of mnist.npz."""
    folder = tmp_path_factory.mktemp("course") / "data"
    folder.mkdir()
    for name in ("CHECKSUMS", "mnist.npz"):
        shutil.copy(ROOT / "data" / name, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAELAB_DATA", str(folder))
        return datasets.mnist_csv_files()


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [str(part) for part in command]
    return subprocess.run(command, env=env, check=False, capture_output=True, text=True)


# The arrays


def test_mnist_is_complete_and_in_keras_layout():
    (x_train, y_train), (x_test, y_test) = datasets.load_mnist()
    assert [a.shape for a in (x_train, y_train, x_test, y_test)] == [
        (60_000, 28, 28),
        (60_000,),
        (10_000, 28, 28),
        (10_000,),
    ]
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    # The first labels and the class counts that the data set's own page and every tutorial show.
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9] and y_test[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.bincount(y_train).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


def test_fashion_subset_has_equally_many_of_each_class():
    (x_train, y_train), (x_test, y_test) = datasets.load_fashion_mnist()
    assert x_train.shape == (20_000, 28, 28) and x_test.shape == (5_000, 28, 28)
    assert np.bincount(y_train).tolist() == [2_000] * 10 and np.bincount(y_test).tolist() == [500] * 10
    assert len(datasets.FASHION_LABELS) == 10
    # Shuffled: a validation_split takes the end of an array and must find every class there.
    assert set(y_train[-1_000:]) == set(range(10))
    # No picture is in both parts.
    assert not {x.tobytes() for x in x_train} & {x.tobytes() for x in x_test}


@pytest.mark.skipif(
    not datasets.fashion.DEBIAN_FOLDER.is_dir(),
    reason="install Debian's package dataset-fashion-mnist to run this",
)
def test_fashion_full_set_holds_the_subset():
    (x_full, y_full), (x_test, _) = datasets.load_fashion_mnist(full=True)
    assert x_full.shape == (60_000, 28, 28) and x_test.shape == (10_000, 28, 28)
    label_of = {x.tobytes(): y for x, y in zip(x_full, y_full, strict=True)}
    (x_train, y_train), _ = datasets.load_fashion_mnist()
    assert [label_of[x.tobytes()] for x in x_train] == y_train.tolist()


def fake_keras(monkeypatch, load_data):
    """Put a download of our own in place of Keras'."""
    module = ModuleType("keras.datasets")
    module.fashion_mnist = ModuleType("fashion_mnist")
    module.fashion_mnist.load_data = load_data
    monkeypatch.setitem(sys.modules, "keras", ModuleType("keras"))
    monkeypatch.setitem(sys.modules, "keras.datasets", module)


def test_fashion_full_set_says_what_to_do_without_internet(monkeypatch, tmp_path):
    def load_data():
        raise RuntimeError("URL fetch failure")

    monkeypatch.setattr(datasets.fashion, "DEBIAN_FOLDER", tmp_path / "absent")
    fake_keras(monkeypatch, load_data)
    with pytest.raises(DataError, match="URL fetch failure.*\n.*apt install dataset-fashion-mnist"):
        datasets.load_fashion_mnist(full=True)


def test_fashion_full_set_refuses_a_changed_download(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets.fashion, "DEBIAN_FOLDER", tmp_path / "absent")
    fake_keras(monkeypatch, datasets.load_fashion_mnist)  # the subset is not the complete set
    with pytest.raises(DataError, match="train-images-idx3-ubyte.*checksum.*\nDelete ~/.keras"):
        datasets.load_fashion_mnist(full=True)


def test_importing_the_datasets_is_light():
    heavy = "tensorflow, keras, pandas, pyarrow"
    code = f"import sys, vaelab.datasets; print([m for m in '{heavy}'.split(', ') if m in sys.modules])"
    assert run(sys.executable, "-c", code).stdout.strip() == "[]"


# The checkpoints of lessons 06 and 08


@pytest.mark.parametrize(
    "lesson, before, stored",
    [
        ("06_latent_clustering", "encode", {"mnist_2d_encoder": "encoder()", "mnist_2d_decoder": "decoder()"}),
        (
            "08_fashion_mnist",
            "slerp",
            {
                "fashion_encoder": "encoder()",
                "fashion_decoder": "decoder(latent_dim=8)",
                "fashion_classifier": "classifier()",
            },
        ),
    ],
)
def test_a_checkpoint_loads_into_the_models_of_its_lesson_and_prints_nothing(lesson, before, stored):
    code = (
        "import vaelab.quiet, numpy as np\n"
        "from tests.course import names_before\n"
        "from vaelab.datasets.files import data_file\n"
        f"names = names_before({lesson!r}, {before!r})\n"
        f"for name, build in {stored!r}.items():\n"
        "    model = eval('build_' + build, names)\n"
        "    fresh = [w.copy() for w in model.get_weights()]\n"
        "    model.load_weights(data_file(f'checkpoints/{name}.weights.h5'))\n"
        "    assert not any(np.array_equal(a, b) for a, b in zip(fresh, model.get_weights(), strict=True))\n"
        "    assert all(np.array_equal(w, w.astype('float16')) for w in model.get_weights())\n"
    )
    loaded = run(sys.executable, "-W", "always", "-c", code)
    assert (loaded.returncode, loaded.stderr, loaded.stdout) == (0, "", "")


def test_the_models_of_lesson_10_load_and_print_nothing():
    code = (
        "import vaelab.quiet, keras\n"
        "from vaelab.datasets.files import data_file\n"
        "for name in ('2d_encoder', '2d_decoder', '8d_encoder', '8d_decoder'):\n"
        "    model = keras.models.load_model(data_file(f'checkpoints/conditional_{name}.keras'), compile=False)\n"
        "    assert [tuple(i.shape[1:]) for i in model.inputs][1] == (10,)\n"
    )
    loaded = run(sys.executable, "-W", "always", "-c", code)
    assert (loaded.returncode, loaded.stderr, loaded.stdout) == (0, "", "")


def test_the_stored_bounds_of_lesson_09_are_in_order():
    with np.load(ROOT / "data" / "checkpoints" / "tight_bounds.npz") as file:
        stored = {name: file[name] for name in file}
    shapes = {"z_mean": (300, 2), "z_log_var": (300, 2), "elbo": (300,), "log_marginal": (300,)}
    assert {name: array.shape for name, array in stored.items()} == shapes
    assert all(np.isfinite(array).all() and array.dtype == np.float32 for array in stored.values())
    assert (stored["elbo"] < stored["log_marginal"] + 0.5).all()  # a bound, but for the noise of its estimate


# Missing and altered files


@pytest.mark.parametrize(
    "harm, wrong",
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1_000]), "checksum"),
        (lambda path: path.write_bytes(b"PK" + path.read_bytes()[2:-1] + b"x"), "checksum"),
    ],
    ids=["missing", "truncated", "one byte altered"],
)
@pytest.mark.parametrize(
    "name, load", [("mnist.npz", datasets.load_mnist), ("fashion_mnist.npz", datasets.load_fashion_mnist)]
)
def test_a_bad_file_is_named_with_the_command_that_mends_it(data, name, load, harm, wrong):
    load()  # a file that changes after it was found sound is found out too
    harm(data / name)
    with pytest.raises(DataError, match=f"{name}.*{wrong}.*\nUnpack the zip") as in_a_release:
        load()
    assert str(data.parent) in str(in_a_release.value)
    (data.parent / ".git").mkdir()
    with pytest.raises(DataError) as in_a_checkout:
        load()
    assert f'git -C "{data.parent}" checkout -- data/{name}' in str(in_a_checkout.value)


def test_the_command_in_the_message_mends_the_file(data):
    course = data.parent
    for command in (
        ["init"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-m", "t"],
    ):
        assert run("git", "-C", course, *command).returncode == 0
    (data / "mnist.npz").write_bytes(b"")
    with pytest.raises(DataError) as error:
        datasets.load_mnist()
    command = str(error.value).split("`")[1]
    subprocess.run(command, shell=True, check=True, capture_output=True)
    assert datasets.load_mnist()[0][0].shape == (60_000, 28, 28)


def test_a_file_that_checksums_does_not_list_is_refused(data):
    (data / "CHECKSUMS").write_text("")
    with pytest.raises(DataError, match="CHECKSUMS doesn't list mnist.npz"):
        datasets.load_mnist()


# Where the data lies


def test_data_folder_is_found_from_a_lesson(data, monkeypatch):
    lesson = data.parent / "lessons" / "03_mnist_pipeline"
    lesson.mkdir(parents=True)
    monkeypatch.delenv("VAELAB_DATA")
    monkeypatch.chdir(lesson)
    assert datasets.data_folder() == data


def test_data_folder_falls_back_on_the_checkout(tmp_path, monkeypatch):
    monkeypatch.delenv("VAELAB_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert datasets.data_folder() == ROOT / "data"


def test_no_data_folder_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.setenv("VAELAB_DATA", str(tmp_path / "elsewhere"))
    with pytest.raises(DataError, match="(?s)VAELAB_DATA.*elsewhere.*unset VAELAB_DATA"):
        datasets.data_folder()
    monkeypatch.delenv("VAELAB_DATA")
    monkeypatch.setattr(datasets.files, "CHECKSUMS", "no-such-file")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError) as error:
        datasets.data_folder()
    assert str(tmp_path) in str(error.value) and str(ROOT) in str(error.value)
    assert "export VAELAB_DATA" in str(error.value)


# The two CSV files


def test_csv_files_hold_every_digit_once_in_the_documented_order(csv_files):
    train, test = (pd.read_csv(path, dtype=np.uint8) for path in csv_files)
    pixels = [f"pixel{i}" for i in range(784)]
    assert train.columns.tolist() == ["label", *pixels] and test.columns.tolist() == pixels
    assert len(train) == 42_000 and len(test) == 28_000
    # The order as data/SOURCES.md and docs/instructor.md state it.
    (x_train, y_train), (x_test, y_test) = datasets.load_mnist()
    order = np.random.default_rng(237).permutation(70_000)
    images = np.concatenate([x_train, x_test])[order].reshape(-1, 784)
    labels = np.concatenate([y_train, y_test])[order]
    np.testing.assert_array_equal(train["label"], labels[:42_000])
    np.testing.assert_array_equal(train[pixels], images[:42_000])
    np.testing.assert_array_equal(test, images[42_000:])


def test_csv_text_is_that_of_pandas(csv_files):
    for path in csv_files:
        with path.open(newline="") as file:
            head = "".join(next(file) for _ in range(101))
        assert pd.read_csv(path, nrows=100).to_csv(index=False, lineterminator="\n") == head


def test_the_published_hold_out_is_reproduced(csv_files):
    train, test = (pd.read_csv(path, dtype=np.uint8) for path in csv_files)
    test.insert(0, "label", 11)
    held_out = pd.concat([train, test], ignore_index=True).sample(n=5_000, random_state=99)
    assert held_out.index[:5].tolist() == [5406, 53858, 30647, 36944, 24742]


def test_csv_files_are_made_once_and_made_anew_when_altered(data):
    train, test = datasets.mnist_csv_files()
    assert (train, test) == (data / "csv" / "train.csv", data / "csv" / "test.csv")
    before = train.stat().st_mtime_ns, test.stat().st_mtime_ns
    assert datasets.mnist_csv_files() == (train, test)
    assert (train.stat().st_mtime_ns, test.stat().st_mtime_ns) == before
    os.truncate(train, 1_000_000)
    with test.open("r+b") as file:  # the same size, another content
        file.seek(40_000_000)
        file.write(b"9,9,9,9")
    datasets.mnist_csv_files()
    assert (train.stat().st_size, test.stat().st_size) == (TRAIN_SIZE, TEST_SIZE)
    assert b"9,9,9,9" not in test.read_bytes()[40_000_000:40_000_007]
    assert sorted(path.name for path in train.parent.iterdir()) == ["test.csv", "train.csv"]


def test_two_processes_may_make_them_at_once(data):
    command = [sys.executable, str(data / "prepare.py")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate()[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert printed == [[str(data / "csv" / "train.csv"), str(data / "csv" / "test.csv")]] * 2
    assert sorted(path.name for path in (data / "csv").iterdir()) == ["test.csv", "train.csv"]
    before = (data / "csv" / "train.csv").stat().st_mtime_ns
    datasets.mnist_csv_files()  # finds both sound, so has nothing to write
    assert (data / "csv" / "train.csv").stat().st_mtime_ns == before


def test_a_read_only_data_folder_uses_the_cache(data, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    sandbox = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--bind", cache, cache, "--"]
    if shutil.which("bwrap") is None or run(*sandbox, "true").returncode != 0:
        pytest.skip("needs a read-only file system: install bubblewrap, on a machine that lets it run")
    made = run(*sandbox, sys.executable, "-B", data / "prepare.py")
    assert made.returncode == 0, made.stderr
    train, test = map(Path, made.stdout.split())
    assert train.is_relative_to(cache) and test.is_relative_to(cache)
    assert (train.stat().st_size, test.stat().st_size) == (TRAIN_SIZE, TEST_SIZE)
    assert not (data / "csv").exists()


def test_nowhere_to_write_names_both_folders(data, tmp_path):
    (data / "csv").write_text("a file where the folder should be")
    (tmp_path / "cache").write_text("here too")
    with pytest.raises(DataError, match="export XDG_CACHE_HOME") as error:
        datasets.mnist_csv_files()
    assert str(data / "csv") in str(error.value) and str(tmp_path / "cache") in str(error.value)


def test_prepare_reports_a_bad_mnist_without_a_traceback(data):
    (data / "mnist.npz").unlink()
    made = run(sys.executable, data / "prepare.py")
    assert made.returncode == 1
    assert "mnist.npz is missing" in made.stderr and "Traceback" not in made.stderr


# Making the npz files


def write_idx(path: Path, array: np.ndarray) -> None:
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    path.write_bytes(gzip.compress(header + array.tobytes(), compresslevel=1))


def test_mnist_is_remade_from_the_published_files(data, tmp_path):
    """The four IDX files, written anew from the arrays, must be the published ones to the bit."""
    (x_train, y_train), (x_test, y_test) = datasets.load_mnist()
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    for key, name in FILES.items():
        write_idx(tmp_path / f"{name}.gz", arrays[key])
    (data / "mnist.npz").unlink()
    made = run(sys.executable, data / "make_mnist.py", tmp_path)
    assert made.returncode == 0, made.stderr
    (x_again, y_again), _ = datasets.load_mnist()
    assert np.array_equal(x_again, x_train) and np.array_equal(y_again, y_train)

    write_idx(tmp_path / "t10k-labels-idx1-ubyte.gz", y_test[::-1])
    refused = run(sys.executable, data / "make_mnist.py", tmp_path)
    assert refused.returncode == 1
    assert "t10k-labels-idx1-ubyte isn't the published file" in refused.stderr


def test_a_truncated_idx_file_is_named(tmp_path):
    with pytest.raises(DataError, match="neither digits nor digits.gz"):
        read_idx(tmp_path, "digits")
    write_idx(tmp_path / "digits.gz", np.arange(12, dtype=np.uint8).reshape(3, 2, 2))
    assert read_idx(tmp_path, "digits").shape == (3, 2, 2)
    whole = (tmp_path / "digits.gz").read_bytes()
    (tmp_path / "digits.gz").write_bytes(whole[:-12])
    with pytest.raises(DataError, match="digits.gz can't be read"):
        read_idx(tmp_path, "digits")
    (tmp_path / "digits").write_bytes(gzip.decompress(whole)[:-1])
    with pytest.raises(DataError, match="digits can't be read"):
        read_idx(tmp_path, "digits")
