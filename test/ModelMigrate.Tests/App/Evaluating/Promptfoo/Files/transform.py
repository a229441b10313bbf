def get_transform(output, context):
    return {'count': len(output), 'n': context['vars']['n']}


def last(output, context):
    return output[-1]


def nothing(output, context):
    return None
