using MLPipelines.Native;

namespace MLPipelines.Tests.Engine.Onnx;

/// <summary>ONNX models of a node or two.</summary>
internal static class SmallModels
{
    /// <summary>y = x with its columns in reverse order: 3 numbers a row.</summary>
    /// <param name="rows">The first dimension: a size, or a name.</param>
    public static byte[] Reverse(OnnxDimension rows) => new OnnxGraphBuilder("reverse")
        .Input("x", TensorElementType.Float, rows, 3)
        .Initializer("flip", OnnxTensor.Of([0f, 0, 1, 0, 1, 0, 1, 0, 0], 3, 3))
        .Node("MatMul", ["x", "flip"], ["y"])
        .Output("y", TensorElementType.Float, rows, 3)
        .ToBytes();

    /// <summary>y = x + r / 1,000,000, where r is the number of rows in the run: tells how many rows were run together.</summary>
    public static byte[] TellRowsInRun(int width, OnnxDimension rows, OnnxDimension outputRows) => new OnnxGraphBuilder("rows_in_run")
        .Input("x", TensorElementType.Float, rows, width)
        .Initializer("first", OnnxTensor.Of([0L], 1))
        .Initializer("millionth", OnnxTensor.Of([1e-6f], 1))
        .Node("Shape", ["x"], ["shape"])
        .Node("Gather", ["shape", "first"], ["count"])
        .Node("Cast", ["count"], ["number"], new() { ["to"] = (int)TensorElementType.Float })
        .Node("Mul", ["number", "millionth"], ["shift"])
        .Node("Add", ["x", "shift"], ["y"])
        .Output("y", TensorElementType.Float, outputRows, width)
        .ToBytes();

    /// <summary>y = x − the mean over the rows of a run: rows are not independent.</summary>
    public static byte[] CentreOverRows() => new OnnxGraphBuilder("centre_over_rows")
        .Input("x", TensorElementType.Float, "N", 2)
        .Node("ReduceMean", ["x"], ["mean"], new() { ["axes"] = new[] { 0L }, ["keepdims"] = 1 })
        .Node("Sub", ["x", "mean"], ["y"])
        .Output("y", TensorElementType.Float, "N", 2)
        .ToBytes();

    /// <summary>Declares any number of rows, but has a Reshape that only one row of 4 fits.</summary>
    public static byte[] ReshapeToOneRow() => new OnnxGraphBuilder("one_row_inside")
        .Input("x", TensorElementType.Float, "N", 4)
        .Initializer("one_row", OnnxTensor.Of([1L, 2, 2], 3))
        .Initializer("flat", OnnxTensor.Of([-1L, 4], 2))
        .Node("Reshape", ["x", "one_row"], ["square"])
        .Node("Reshape", ["square", "flat"], ["y"])
        .Output("y", TensorElementType.Float, "N", 4)
        .ToBytes();

    /// <summary>Two inputs, two outputs: sum = a + b of floats, index = the arg-max of a as int64 [N,1].</summary>
    public static byte[] SumAndArgMax() => new OnnxGraphBuilder("sum_and_argmax")
        .Input("a", TensorElementType.Float, "N", 2)
        .Input("b", TensorElementType.Float, "N", 2)
        .Node("Add", ["a", "b"], ["sum"])
        .Node("ArgMax", ["a"], ["index"], new() { ["axis"] = 1, ["keepdims"] = 1 })
        .Output("sum", TensorElementType.Float, "N", 2)
        .Output("index", TensorElementType.Int64, "N", 1)
        .ToBytes();

    /// <summary>The two best labels of three scores, as texts.</summary>
    public static byte[] TopTwoLabels() => new OnnxGraphBuilder("top_two")
        .Input("score", TensorElementType.Float, "N", 3)
        .Initializer("two", OnnxTensor.Of([2L], 1))
        .Initializer("labels", OnnxTensor.Of(["Äpfel", "birds", ""], 3))
        .Node("TopK", ["score", "two"], ["values", "indices"])
        .Node("Gather", ["labels", "indices"], ["best"])
        .Output("best", TensorElementType.String, "N", 2)
        .Output("values", TensorElementType.Float, "N", 2)
        .ToBytes();

    /// <summary>One node that copies its input, of any element type and shape.</summary>
    public static byte[] Copy(TensorElementType type, params ReadOnlySpan<OnnxDimension> dimensions) => new OnnxGraphBuilder("copy")
        .Input("x", type, dimensions)
        .Node("Identity", ["x"], ["y"])
        .Output("y", type, dimensions)
        .ToBytes();

    /// <summary>An input "a.b" and an output "score.output".</summary>
    public static byte[] DottedNames() => new OnnxGraphBuilder("dots")
        .Input("a.b", TensorElementType.Float, "N", 3)
        .Node("Neg", ["a.b"], ["score.output"])
        .Output("score.output", TensorElementType.Float, "N", 3)
        .ToBytes();
}
