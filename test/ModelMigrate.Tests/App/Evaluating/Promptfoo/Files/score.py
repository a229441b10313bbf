def sum_up(scores, context):
    return {'pass': scores['a'] == 1 and len(context['componentResults']) == 2, 'score': scores['b'] + 0.25, 'reason': 'summed', 'namedScores': {'own': 0.5}}


def func(scores, context):
    raise ValueError('no')
