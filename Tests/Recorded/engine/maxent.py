"""Records scikit-learn's multinomial logistic regression for the engine's trainers.

Run with scikit-learn 1.2.1, in this folder:  python3 maxent.py > maxent.json

Every solution is run to a tolerance far below what the tests ask for. scikit-learn minimises C * sum of losses + penalty, the engine's L-BFGS trainer
sum of losses + penalty (both over N, which moves no minimum), so C = 1 / penalty. The dual trainer penalises the bias as the weight of a feature that
is always 1: recorded without intercept, with that feature, C = 1 / (lambda * N).
"""
import json
import warnings

import numpy as np
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")


def solution(x, y, weights=None, **settings):
    model = LogisticRegression(**{"multi_class": "multinomial", "solver": "newton-cg", "tol": 1e-10, "max_iter": 200000, **settings}).fit(x, y, sample_weight=weights)
    return {"weights": model.coef_.tolist(), "biases": model.intercept_.tolist(), "probabilities": model.predict_proba(x)[::10].tolist()}


iris = load_iris()
ix, iy = iris.data.astype(np.float32).astype(np.float64), iris.target
iw = np.array([(0.5, 1.0, 2.0, 0.0)[i % 4] for i in range(len(iy))])
ones = np.hstack([ix, np.ones((len(iy), 1))])
digits = load_digits()
dx, dy = (digits.data[:300] / 16).astype(np.float32).astype(np.float64), digits.target[:300]

json.dump({
    "iris": {"features": ix.tolist(), "labels": iy.tolist(), "weights": iw.tolist()},
    "digits": {"features": dx.tolist(), "labels": dy.tolist()},
    "iris l2 1": solution(ix, iy, C=1.0),
    "iris l2 0.1": solution(ix, iy, C=10.0),
    "iris l2 1 weighted": solution(ix, iy, iw, C=1.0),
    "iris l1 1 l2 1": solution(ix, iy, solver="saga", penalty="elasticnet", l1_ratio=0.5, C=0.5, random_state=0),
    "iris l1 2": solution(ix, iy, solver="saga", penalty="l1", C=0.5, random_state=0),
    "iris dual 1/150": solution(ones, iy, fit_intercept=False, C=1.0),
    "iris dual 1/150 weighted": solution(ones, iy, iw, fit_intercept=False, C=1.0),
    "digits l2 1": solution(dx, dy, C=1.0),
}, __import__("sys").stdout)
