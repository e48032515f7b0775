using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning.Training;

[TestClass]
public sealed class NetworkTrainingSettingsTests
{
    [TestMethod]
    public void The_defaults_can_be_trained_with() => new NetworkTrainingSettings().Check();

    [TestMethod]
    public void Described_is_the_same_text_for_the_same_settings_and_another_for_others()
    {
        NetworkTrainingSettings Make(double weight, string first, string second) => new()
        {
            ClassWeights = new GivenClassWeights { Weights = new Dictionary<string, double> { [first] = weight, [second] = weight } },
        };

        Assert.AreEqual(Make(2, "a", "b").Described(), Make(2, "b", "a").Described());
        Assert.AreNotEqual(Make(2, "a", "b").Described(), Make(3, "a", "b").Described());
        Assert.AreNotEqual(
            new NetworkTrainingSettings { Optimizer = new Adam() }.Described(),
            new NetworkTrainingSettings { Optimizer = new AdamW { WeightDecay = 0 } }.Described());
    }

    [TestMethod]
    public void Described_names_every_setting_but_the_place_of_the_checkpoints()
    {
        var names = new NetworkTrainingSettings { Checkpoints = new CheckpointSettings { Folder = "somewhere" } }.ByName().Keys.ToArray();
        var expected = typeof(NetworkTrainingSettings).GetProperties().Select(property => property.Name).Where(name => name != "Checkpoints")
            .Select(name => char.ToLowerInvariant(name[0]) + name[1..]).ToArray();
        CollectionAssert.AreEquivalent(expected, names);
    }

    [TestMethod]
    public void Settings_by_name_are_texts_a_person_can_read()
    {
        var settings = new NetworkTrainingSettings { Optimizer = new Sgd { LearningRate = 0.05 }, Epochs = 20 }.ByName();
        Assert.AreEqual("20", settings["epochs"]);
        Assert.AreEqual("none", settings["mixup"]);
        Assert.AreEqual("{\"type\":\"sgd\",\"momentum\":0.9,\"nesterov\":false,\"learningRate\":0.05,\"weightDecay\":0}", settings["optimizer"]);
    }
}
