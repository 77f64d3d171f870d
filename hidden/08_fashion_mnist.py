"""Hidden checks of lesson 08: the same promises for other sizes, dimensions and inputs."""

import numpy as np
import pytest
from checks import SCORE, ask_generate, cross_entropy, posterior, score_inputs

from autograder.checking.ask import ask_with
from autograder.checking.chance import mean_tolerance, std_tolerance
from autograder.checking.expect import expect, in_shape, require, shape_of
from autograder.checking.once import ask_once


@pytest.mark.exercise("prepare", points=0.5)
def test_raw_images_stay_unchanged(student, rng):
    """It holds for any number of images, empty ones too, and leaves the raw bytes unchanged."""
    raw = rng.integers(0, 256, (9, 28, 28)).astype("uint8")
    raw[0] = 0
    answer = student.eval("{'images': prepare_images(raw), 'raw': raw}", raw=raw)
    message = "It should hold for any images: each byte divided by 255, whatever else is in the array."
    expect(in_shape(answer["images"], (9, 28, 28, 1)), close_to=(raw / 255.0)[..., None], message=message)
    expect(answer["raw"], equals=raw, message="The raw images were changed: work on a copy.")
    black = in_shape(student.eval("prepare_images(raw)", raw=raw[:1]), (1, 28, 28, 1))
    message = "An empty image alone should become zeros: divide by 255, not by the largest byte in the array."
    expect(black, close_to=np.zeros((1, 28, 28, 1)), message=message)


# ---- encoder


@pytest.mark.exercise("encoder", points=0.5)
def test_any_hidden_state_size(student):
    """hidden_state_size is the width of both heads, and of nothing else."""
    expression = "describe_model(build_encoder(hidden_state_size=5), tensor(x))"
    message = "With hidden_state_size=5 each head should return 5 numbers: use the argument, not the number 8."
    model = ask_with(student, expression, message, "build_encoder()", x=np.zeros((2, 28, 28, 1)))
    widths = [shape[-1] for shape in model["outputs"]]
    require(
        widths == [5, 5],
        message,
        expected="two outputs of 5",
        actual=f"outputs of {', '.join(map(str, widths))}",
    )
    wanted = 320 + 18_496 + 73_856 + 147_584 + 3_211_392 + 2 * 129 * 5
    require(
        model["params"] == wanted,
        "hidden_state_size should change the two heads and no other layer.",
        expected=f"{wanted:,} parameters",
        actual=f"{model['params']:,} parameters",
    )


@pytest.mark.exercise("encoder", points=0.5)
def test_heads_read_the_same_layer(student, rng):
    """Both heads read the Dense layer, z_mean with its own weights and z_log_variance with its own."""
    hidden, kernels = rng.uniform(0.1, 1, 128).astype("float32"), rng.normal(0, 1, (2, 128, 8)).astype("float32")
    weights = [*[np.float32(0)] * 9, hidden, kernels[0], np.float32(0), kernels[1], np.float32(0)]
    _require_two_heads(student)
    heads = student.eval(
        "run_with(build_encoder(), weights, tensor(x))",
        weights=weights,
        x=rng.uniform(0, 1, (2, 28, 28, 1)),
    )
    message = "Each head should be computed from the Dense layer of 128 units alone, by its own weights."
    require(isinstance(heads, list | tuple) and len(heads) == 2, "The encoder should have two outputs, in a list.")
    for head, kernel in zip(heads, kernels, strict=True):
        expect(head, close_to=np.tile(hidden @ kernel, (2, 1)), rel=1e-3, abs=1e-4, message=message)


def _require_two_heads(student):
    """Fail the check where the weights of two heads on a layer of 128 units don't fit the last layers."""
    model = ask_once(student, "describe_model(build_encoder(), tensor(x))", x=np.zeros((2, 28, 28, 1)))
    params = [layer["params"] for layer in model["layers"] if layer["params"]]
    require(
        params[-2:] == [129 * 8] * 2,
        "The last two layers with weights should be the heads: a Dense layer each, on the Dense layer of 128 units.",
        expected="1,032 / 1,032 parameters",
        actual=" / ".join(f"{n:,}" for n in params[-2:]),
    )
    message = "Before the two heads there should be four convolutions and a Dense layer."
    require(len(params) == 7, message, expected="7 layers with weights", actual=f"{len(params)}")


# ---- generate


# Not after a loop over the codes: it would call predict hundreds of times.
@pytest.mark.exercise("generate", points=0.5, after="test_as_many_as_asked_for")
def test_dimensions_of_the_decoder(student, rng):
    """The number of dimensions is read from the decoder, and n is any number."""
    d, n, seed = int(rng.integers(9, 14)), 700, int(rng.integers(100, 10_000))
    decoder = f"functional(keras.Sequential([keras.Input(({d},)), keras.layers.Reshape(({d}, 1, 1))]))"
    images = ask_generate(student, f"generate({decoder}, {n}, {seed})")
    message = "For a decoder of another latent dimension the codes should have its width: read `decoder.input_shape`."
    expect(images, shape=(n, d, 1, 1), message=message)
    z = np.asarray(images, dtype=float)
    message = "For any decoder, number and seed the codes should be samples from N(0, I)."
    expect(float(z.mean()), close_to=0.0, rel=0, abs=mean_tolerance(1.0, z.size), message=message)
    expect(float(z.std()), close_to=1.0, rel=std_tolerance(z.size), abs=0, message=message)
    message = "For n = 1 too there should be one image, in the decoder's shape."
    expect(ask_generate(student, f"generate({decoder}, 1, {seed})"), shape=(1, d, 1, 1), message=message)
    message = "For any decoder, number and seed the codes should be samples from N(0, I)."
    for column in z.reshape(n, d).T:
        expect(float(column.std()), close_to=1.0, rel=std_tolerance(n, 1e-8), abs=0, message=message)


# ---- slerp


def _arc(start, end, steps, angle_of=np.arccos):
    share = np.linspace(0, 1, steps)[:, None]
    norms = np.linalg.norm(start), np.linalg.norm(end)
    a, b = start / norms[0], end / norms[1]
    angle = angle_of(np.clip(a @ b, -1, 1))
    direction = (np.sin((1 - share) * angle) * a + np.sin(share * angle) * b) / np.sin(angle)
    return direction * (norms[0] + share * (norms[1] - norms[0]))


@pytest.mark.exercise("slerp", points=0.5)
def test_any_two_vectors(student, rng):
    """It holds for any dimension, any norms and any number of steps."""
    for dimensions, steps in ((2, 3), (8, 2), (8, 11), (50, 6)):
        while True:  # near 0° and 180° the path depends on the last digits
            start, end = rng.normal(0, 1, (2, dimensions)) * rng.uniform(0.5, 4, (2, 1))
            if abs(start @ end) < 0.95 * np.linalg.norm(start) * np.linalg.norm(end):
                break
        if steps == 3:  # an angle of 17°, at which the arc is no straight line yet
            start, end = np.array([2.0, 0.0]), 3 * np.array([np.cos(0.3), np.sin(0.3)])
        if steps == 11 and start @ end > 0:  # an obtuse angle
            end = -end
        given = {"a": start.copy(), "b": end.copy()}
        answer = student.eval(f"{{'path': slerp(a, b, {steps}), 'a': a, 'b': b}}", **given)
        message = "It should hold for vectors of any dimension and norm, and for any number of steps."
        acute = _arc(start, end, steps, lambda cosine: np.arccos(np.abs(cosine)))
        sentence = "The angle may be larger than 90°: it is the arccos of the dot product, with its sign."
        expect(
            answer["path"],
            close_to=_arc(start, end, steps),
            rel=1e-3,
            abs=1e-3,
            if_instead=[(acute, sentence)] if start @ end < 0 else [],
            message=message,
        )
        for name, value in (("a", start), ("b", end)):
            expect(answer[name], equals=value, message="The arguments were changed: work on copies.")


@pytest.mark.exercise("slerp", points=0.5)
def test_nearly_parallel_float32(student, rng):
    """In float32, and for nearly parallel vectors, the path is finite and connects both ends."""
    while True:  # parallel, and by rounding their cosine is larger than 1
        start = rng.normal(0, 2, 8).astype("float32")
        if start / np.linalg.norm(start) @ (1.5 * start / np.linalg.norm(1.5 * start)) > 1:
            break
    for size in (0.0, 1e-7, 1e-5, 1e-3):
        end = (1.5 * start + size * rng.normal(0, 1, 8)).astype("float32")
        path = student.eval("slerp(a, b, 5)", a=start, b=end)
        require(shape_of(path) == (5, 8), "The path should have `steps` points, one in each row.", actual=path)
        path = np.asarray(path, dtype=float)
        require(
            path.shape == (5, 8) and np.isfinite(path).all(),
            "Nearly parallel vectors give NaN: rounding makes their cosine larger than 1, or their sine 0.",
            expected="(5, 8), all values finite",
            actual=f"shape {path.shape}, {int((~np.isfinite(path)).sum())} values not finite",
        )
        wanted = start + np.linspace(0, 1, 5)[:, None] * (end - start).astype(float)
        message = "Between nearly parallel vectors the path should be nearly straight, from one end to the other."
        expect(path, close_to=wanted, rel=1e-2, abs=2e-2, message=message)


# ---- attribute


@pytest.mark.exercise("attribute", points=0.5)
def test_any_two_classes(student, rng):
    """It holds for any two classes and any dimension, and leaves the codes unchanged."""
    labels = np.concatenate([np.arange(6), rng.integers(0, 6, 94)]).astype("uint8")
    codes = (rng.normal(0, 3, (100, 11)) + labels[:, None]).astype("float32")
    given = {"codes": codes.copy(), "labels": labels}
    for source, target in ((5, 1), (2, 4)):
        answer = student.eval(
            f"{{'vector': attribute_vector(codes, labels, {source}, {target}), 'codes': codes}}", **given
        )
        wanted = codes[labels == target].mean(axis=0) - codes[labels == source].mean(axis=0)
        message = "It should hold for any two classes, in any order, and any number of dimensions."
        expect(in_shape(answer["vector"], (11,)), close_to=wanted, rel=1e-3, abs=1e-3, message=message)
        expect(answer["codes"], equals=codes, message="The argument `codes` was changed: work on a copy.")


# ---- vary


@pytest.mark.exercise("vary", points=0.5)
def test_any_decoder_and_amounts(student, rng):
    """It holds for any number of dimensions and amounts, and leaves the code unchanged."""
    given = {
        "kernel": rng.normal(0, 1, (8, 6)).astype("float32"),
        "code": rng.normal(0, 1, 8).astype("float32"),
        "direction": rng.normal(0, 1, 8).astype("float32"),
        "amounts": rng.uniform(-2, 2, 9),
    }
    answer = student.eval(
        "(lambda decoder: (decoder.set_weights([kernel]),"
        " {'images': vary(decoder, code, direction, amounts), 'code': code, 'direction': direction})[1])"
        "(functional"
        "(keras.Sequential([keras.Input((8,)), keras.layers.Dense(6, use_bias=False),"
        " keras.layers.Reshape((3, 2, 1))])))",
        **given,
    )
    codes = given["code"] + given["amounts"][:, None] * given["direction"]
    message = "It should hold for any decoder, code, direction and amounts, a list or an array."
    wanted = (codes @ given["kernel"]).reshape(9, 3, 2, 1)
    expect(answer["images"], close_to=wanted, rel=1e-3, abs=1e-3, message=message)
    for name in ("code", "direction"):
        expect(answer[name], equals=given[name], message=f"The argument `{name}` was changed: work on a copy.")


# ---- anomaly


@pytest.mark.exercise("anomaly", points=0.5)
def test_any_models_and_images(student, rng):
    """It holds for other models, more dimensions and more images than one batch has."""
    given = score_inputs(rng, n=70, dimensions=5, log_var=-24.0, scale=0.5)
    pixels, mean, _, kl = posterior(given)
    wanted = cross_entropy(given, pixels, mean).sum(axis=1) + kl.sum(axis=1)
    message = "It should hold for any encoder and decoder, and score each image by itself, in the order given."
    scores = student.eval(SCORE.format(expression="anomaly_scores(encoder, decoder, x, draws=3, seed=5)"), **given)
    expect(in_shape(scores, (70,)), close_to=wanted, rel=3e-4, abs=2e-2, message=message)


@pytest.mark.exercise("anomaly", points=0.5)
def test_finite_where_the_decoder_is_certain(student):
    """The score is finite where the decoder outputs exactly 0 or 1, and high where that is wrong."""
    d = 2
    signs = np.where(np.arange(784) % 2, 200.0, -200.0).astype("float32")  # every second pixel exactly 1, the others 0
    given = {
        "x": np.stack([signs > 0, signs < 0]).reshape(2, 28, 28, 1).astype("float32"),
        "we": [np.zeros((784, d), "float32"), np.zeros(d, "float32")] * 2,
        "wd": [np.zeros((d, 784), "float32"), signs],
    }
    scores = in_shape(student.eval(SCORE.format(expression="anomaly_scores(encoder, decoder, x)"), **given), (2,))
    message = "There should be one score for each image: shape (n,)."
    require(shape_of(scores) == (2,), message, expected="shape (2,)", actual=f"shape {shape_of(scores)}")
    require(
        np.isfinite(scores).all(),
        "Where the decoder outputs exactly 0 or 1 the score is not finite: use `reconstruction_loss` or clip.",
        expected="finite scores",
        actual=str(np.asarray(scores)),
    )
    message = "An image that the decoder reconstructs exactly costs nothing here, and its opposite a lot."
    expect(scores[0], between=(-0.01, 1.0), message=message)
    expect(scores[1], between=(1000.0, 1e6), message=message)
