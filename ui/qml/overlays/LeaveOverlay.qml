import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Leave and erase?
Overlay {
    id: root

    signal closed

    contentHeight: column.implicitHeight
    name: "leave"

    ColumnLayout {
        id: column

        spacing: 24
        width: parent.width

        Title {
            Layout.fillWidth: true
            text: Words.t["leave.title"]
        }
        Txt {
            Layout.bottomMargin: 24
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: Sizes.body
            text: Words.t["leave.text"]
        }
        Answers {
            Layout.fillWidth: true
            main: Words.t["leave.no"]
            mainName: "leave:no"
            other: Words.t["leave.yes"]
            otherName: "leave:yes"

            onMainPressed: root.closed()
            onOtherPressed: {
                root.closed();
                Flow.leave();
            }
        }
    }
}
