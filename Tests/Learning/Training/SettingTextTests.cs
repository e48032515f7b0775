using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

[TestClass]
public sealed class SettingTextTests
{
    [TestMethod]
    [DataRow("epochs", "epochs"), DataRow("batchSize", "batch size"), DataRow("batchesPerRecord", "batches per record")]
    public void A_name_is_said_in_words(string name, string expected) => Assert.AreEqual(expected, SettingText.NameOf(name));

    [TestMethod]
    [DataRow("12", "12"), DataRow("none", "none"), DataRow("", ""), DataRow("{not JSON", "{not JSON")]
    [DataRow("""{"type":"sgd","momentum":0.9,"nesterov":false,"learningRate":0.01,"weightDecay":0}""", "sgd, momentum 0.9, learning rate 0.01")]
    [DataRow("""{"type":"none"}""", "none")]
    [DataRow("""{"flipHorizontally":false,"shiftPixels":0,"fill":"value","fillValue":0}""", "none")]
    [DataRow("""{"flipHorizontally":true,"shiftPixels":2,"fill":"edge"}""", "flip horizontally, shift pixels 2, fill edge")]
    [DataRow("""{"globalNorm":0.5,"value":null}""", "global norm 0.5")]
    [DataRow("""{"scale":0.5,"mean":[0.1,0.2],"standardDeviation":[]}""", "scale 0.5, mean 0.1 0.2")]
    [DataRow("""{"type":"given","weights":{"ankle boot":2,"bag":0.5}}""", "given, weights ankle boot=2 bag=0.5")]
    public void A_value_is_said_in_words(string value, string expected) => Assert.AreEqual(expected, SettingText.ValueOf(value));

    [TestMethod]
    public void What_follows_from_a_setting_is_none()
    {
        var settings = new NetworkTrainingSettings { ClassWeights = new AdaptiveClassWeights(), Schedule = new OneCycleSchedule(), EarlyStopping = new() { Metric = "loss" } };
        var words = settings.ByName().ToDictionary(setting => setting.Key, setting => SettingText.ValueOf(setting.Value));
        Assert.AreEqual("auto, strength 0.5, limit 10", words["classWeights"]);
        StringAssert.StartsWith(words["schedule"], "onecycle, ");
        Assert.DoesNotContain("depends", words["schedule"]);
        StringAssert.Contains(words["earlyStopping"], "direction auto");
    }

    [TestMethod]
    public void No_setting_is_left_as_JSON()
    {
        foreach (var (name, value) in Runs.Everything.ByName()) Assert.DoesNotContain("{", SettingText.ValueOf(value), name);
    }
}
