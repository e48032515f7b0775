using MLPipelines.Batching;
using MLPipelines.Native;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs a model over the rows of a batch: together where the model can, else one by one.</summary>
/// <remarks>
/// That the first size of a model is open does not prove that it means rows: a graph may average over it, or fix it to 1 in a Reshape. So the
/// first rows that a model computes together are compared with the last of them computed alone; where they differ, the model runs row by row.
/// </remarks>
internal sealed class OnnxComputation(OnnxModel model, bool isForSingleRows, OnnxInput[] inputs, OnnxOutput[] outputs) : IBatchComputation
{
    private readonly string[] _inputNames = [.. model.Inputs.Select(port => port.Name)];
    private readonly string[] _outputNames = [.. outputs.Select(output => output.Name)];

    public void Compute(int first, int count)
    {
        var end = first + count;
        while (first < end && model.RunsRowsTogether)
        {
            var alike = RowsOfOneShape(first, end);
            if (alike == 1)
                ComputeRow(first);
            else if (!TryTogether(first, alike))
                break;
            first += alike;
        }

        if (first < end)
            ParallelRows.For(first, end - first, ComputeRow);
    }

    private void ComputeRow(int row) => ComputeRows(row, row + 1);

    private void ComputeRows(int first, int end) => Distribute(Run(first, end - first), first, end - first);

    private bool TryTogether(int first, int count)
    {
        if (model.IsProven)
        {
            var runs = Math.Min(count, model.RunsAtOnce);
            ParallelRows.For(0, runs, run => ComputeRows(first + count * run / runs, first + count * (run + 1) / runs));
            return true;
        }

        var areIndependent = AreIndependent(first, count, out var results);
        model.Prove(areIndependent);
        if (areIndependent)
            Distribute(results, first, count);
        return areIndependent;
    }

    private bool AreIndependent(int first, int count, out OnnxTensor[] together)
    {
        try
        {
            together = Run(first, count);
        }
        catch (OnnxRuntimeException)
        {
            // Either the model takes single rows only, or a row is bad, whose own exception comes when it is computed alone.
            together = null;
            return false;
        }

        var alone = Run(first + count - 1, 1);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (together[i].Dimensions is not [var rows, ..] || rows != count || !outputs[i].IsSame(together[i], count - 1, alone[i]))
                return false;
        }

        return true;
    }

    private int RowsOfOneShape(int first, int end)
    {
        var next = first + 1;
        while (next < end && inputs.All(input => input.LengthOf(next) == input.LengthOf(first)))
            next++;
        return next - first;
    }

    private OnnxTensor[] Run(int first, int count)
    {
        List<OnnxInput.Filled> filled = [];
        try
        {
            foreach (var input in inputs)
                filled.Add(input.Fill(first, count));
            return model.Run([.. filled.Select((input, index) => KeyValuePair.Create(_inputNames[index], input.Tensor))], _outputNames, isForSingleRows);
        }
        finally
        {
            foreach (var input in filled)
                input.Dispose();
        }
    }

    private void Distribute(OnnxTensor[] tensors, int first, int count)
    {
        for (var i = 0; i < outputs.Length; i++)
            outputs[i].Distribute(tensors[i], first, count);
    }
}
