import QtQuick
import QtQuick.Layouts
import Kiosk

// Network, what happens when nobody touches anything, date and time.
Rectangle {
    id: root

    color: Theme.sunk

    Rectangle {
        color: Qt.darker(Theme.line, 1.02)
        height: 2
        width: parent.width
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Sizes.margin
        anchors.rightMargin: Sizes.margin
        spacing: 36

        NetworkSign {
            visible: !Theme.elder || !Flow.frame.online
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: Sizes.smallest
            leading: 1.25
            maximumLineCount: 2
            text: Flow.frame.statusNote || Flow.frame.terminal
        }
        Txt {
            font.pixelSize: Sizes.smallest
            leading: 1.25
            strong: true
            text: Theme.elder ? Moment.time : Moment.date + "　" + Moment.time
            wrapMode: Text.NoWrap
        }
    }
}
