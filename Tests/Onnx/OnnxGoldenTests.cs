using MLPipelines.Onnx;

namespace MLPipelines.Tests.Onnx;

/// <summary>Published models with the inputs and outputs that their makers recorded.</summary>
[TestClass]
public sealed class OnnxGoldenTests
{
    [TestMethod]
    [DataRow("mnist-8/model.onnx", "test_data_set_0")]
    [DataRow("mnist-8/model.onnx", "test_data_set_1")]
    [DataRow("mnist-8/model.onnx", "test_data_set_2")]
    [DataRow("resnet8-cifar10/resnet8-cifar10-converted.onnx", "golden_data_set_0")]
    [DataRow("squeezenet1.1-imagenet/squeezenet1.1-converted.onnx", "golden_data_set_0")]
    [DataRow("squeezenet1.1-imagenet/squeezenet1.1-converted.onnx", "golden_data_set_1")]
    public void The_recorded_output_is_reproduced_to_a_thousandth(string model, string dataSet)
    {
        var path = TestData.Require("onnx/" + model);
        var folder = Path.Combine(Path.GetDirectoryName(path)!, dataSet);
        var expected = OnnxTensorFile.Read(Path.Combine(folder, "output_0.pb")).Tensor;
        using var session = OnnxSession.Open(path);

        var output = session.Run(OnnxTensorFile.Read(Path.Combine(folder, "input_0.pb")).Tensor);

        CollectionAssert.AreEqual(expected.Dimensions.ToArray(), output.Dimensions.ToArray());
        var largest = expected.Values<float>().ToArray().Max(Math.Abs);
        foreach (var (wanted, given) in expected.Values<float>().ToArray().Zip(output.Values<float>().ToArray()))
            Assert.AreEqual(wanted, given, (1e-3 * Math.Abs(wanted)) + (1e-6 * largest));
    }

    [TestMethod]
    [DataRow("mnist-8/model.onnx", 3, 8, "CNTK", "Input3: Float[1,1,28,28]", "Plus214_Output_0: Float[1,10]", 12, 5998)]
    [DataRow("resnet8-cifar10/resnet8-cifar10-converted.onnx", 7, 12, "convert_h5_resnet8.py", "input_1_nhwc: Float[N,32,32,3]",
        "softmax: Float[N,10]", 31, 78666)]
    public void The_file_tells_what_is_in_the_model(
        string model, int irVersion, int opset, string producer, string input, string output, int nodes, int parameters)
    {
        var file = OnnxModelFile.Read(TestData.Require("onnx/" + model));
        Assert.AreEqual(
            (irVersion, opset, producer, input, output, nodes, parameters),
            (file.IrVersion, file.Opset, file.ProducerName, file.Inputs.Single().ToString(),
                file.Outputs.Single().ToString(), file.Nodes.Count, file.ParameterCount));
    }

    // ResNet-8's file describes a tensor 'logits' before the softmax: softmax of it must be the output.
    [TestMethod]
    public void A_tensor_inside_the_model_can_be_made_an_output()
    {
        var path = TestData.Require("onnx/resnet8-cifar10/resnet8-cifar10-converted.onnx");
        var input = OnnxTensorFile.Read(Path.Combine(Path.GetDirectoryName(path)!, "golden_data_set_0", "input_0.pb")).Tensor;
        using var session = OnnxSession.Open(OnnxModelFile.Read(path).WithOutputs("logits"));

        var outputs = session.Run([KeyValuePair.Create("input_1_nhwc", input)], ["logits", "softmax"]);

        var exponentials = outputs[0].Values<float>().ToArray()[..10].Select(logit => Math.Exp(logit)).ToArray();
        for (var i = 0; i < 10; i++)
            Assert.AreEqual(exponentials[i] / exponentials.Sum(), outputs[1].Values<float>()[i], 1e-5);
    }
}
