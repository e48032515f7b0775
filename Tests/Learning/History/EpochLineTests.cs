using MLPipelines.Learning;

namespace MLPipelines.Tests.Learning;

[TestClass]
public sealed class EpochLineTests
{
    private static readonly string[] Labels = ["shirt", "pullover", "bag"];

    [TestMethod]
    public void An_epoch_is_one_line_with_its_worst_classes() => Assert.AreEqual(
        "epoch  3/12  loss 0.412  val_loss 0.391  val_accuracy 0.800  val_f1 0.791  worst: shirt 0.66, pullover 0.80  12.1 s  5,010 img/s  *best",
        EpochLine.Of(new(Epoch, 12, IsBest: true, Labels)));

    [TestMethod]
    public void Without_validation_the_training_data_are_told() => Assert.AreEqual(
        "epoch 3/3  loss 0.412  accuracy 1.000  f1 1.000  worst: shirt 1.00, pullover 1.00  12.1 s  5,010 img/s",
        EpochLine.Of(new(Epoch with { Validation = null }, 3, IsBest: false, Labels)));

    [TestMethod]
    public void A_lowered_learning_rate_is_said() =>
        Assert.EndsWith("  learning rate lowered  *best", EpochLine.Of(new(Epoch with { LearningRateDropped = true }, 12, IsBest: true, Labels)));

    [TestMethod]
    public void What_is_undefined_is_not_available_and_no_class_is_worst_that_did_not_occur() => Assert.AreEqual(
        "epoch 3/3  loss Infinity  val_loss n/a  val_accuracy n/a  val_f1 n/a  12.1 s",
        EpochLine.Of(new(
            Epoch with { Training = Epoch.Training with { Loss = double.PositiveInfinity }, Validation = new(double.NaN, new ConfusionCounts(3)), SamplesPerSecond = double.NaN },
            3, IsBest: false, Labels)));

    [TestMethod]
    [DataRow(0.00042, "4.2e-4"), DataRow(0.0, "0.000"), DataRow(12345.6789, "12345.679"), DataRow(3.2e9, "3.2e+9")]
    public void A_loss_is_never_rounded_to_nothing(double loss, string text) =>
        Assert.Contains($"loss {text}  ", EpochLine.Of(new(Epoch with { Training = Epoch.Training with { Loss = loss } }, 3, IsBest: false, Labels)));

    [TestMethod]
    public void Names_of_classes_cannot_command_the_terminal_or_break_the_line() =>
        Assert.Contains("worst:  [31mred 0.66, two lines 0.80", EpochLine.Of(new(Epoch, 12, IsBest: false, ["\u001b[31mred", "two\nlines", "bag"])));

    [TestMethod]
    public void Of_two_classes_one_is_the_worst_and_of_one_none()
    {
        Assert.Contains("  worst: b 0.84  ", Line(2));
        Assert.DoesNotContain("worst", Line(1));

        // Of 20 cats 2 are called dog, of 20 dogs 4 are called cat: 2·16 / (20 + 18).

        static string Line(int classes)
        {
            var history = SampleHistories.Of([.. "ab".Take(classes).Select(name => $"{name}")], 3);
            return EpochLine.Of(new(history.Epochs[2], 3, IsBest: true, history.Labels));
        }
    }

    // Held out, 5 of each: 3 shirts are found, 1 is called pullover and 1 bag; 1 pullover is called shirt. F1: 6/9, 8/10, 10/11; their mean 0.792.
    private static EpochRecord Epoch
    {
        get
        {
            var (training, validation) = (new ConfusionCounts(3), new ConfusionCounts(3));
            foreach (var (actual, predicted, samples) in new[] { (0, 0, 3), (0, 1, 1), (0, 2, 1), (1, 0, 1), (1, 1, 4), (2, 2, 5) })
                validation.Add(actual, predicted, samples);
            for (var index = 0; index < 3; index++)
                training.Add(index, index, 9);
            return new()
            {
                Epoch = 3, LearningRate = 0.001, Seconds = 12.1, SamplesPerSecond = 5_010, Training = new(0.412, training), Validation = new(0.391, validation),
            };
        }
    }
}
