#!/usr/bin/env python3
"""Writes sequence_output.onnx: what OnnxGraphBuilder cannot declare, an output that is no tensor.

Run in this folder with python3-onnx 1.12: ./make_onnx.py
"""
from onnx import TensorProto, checker, helper, save

x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 2])
y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 2])
s = helper.make_tensor_sequence_value_info("s", TensorProto.FLOAT, ["N", 2])
nodes = [helper.make_node("Identity", ["x"], ["y"]), helper.make_node("SequenceConstruct", ["x"], ["s"])]
model = helper.make_model(helper.make_graph(nodes, "sequence_output", [x], [y, s]), opset_imports=[helper.make_opsetid("", 13)])
model.ir_version = 7
checker.check_model(model)
save(model, "sequence_output.onnx")
